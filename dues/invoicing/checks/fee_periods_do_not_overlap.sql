-- The fee periods of a membership and component follow one another without overlap.
SELECT count(*)
FROM (
    SELECT from_on, lag(to_on) OVER (PARTITION BY membership_id, component_id ORDER BY from_on) AS before
    FROM fee_period
    WHERE release = 0
) period
WHERE from_on <= before
