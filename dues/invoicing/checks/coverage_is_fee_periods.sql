-- What every membership is charged and paid through is what its fee periods say.
SELECT count(*)
FROM membership m
LEFT JOIN (
    SELECT membership_id, max(to_on) AS charged_through, max(to_on) FILTER (WHERE covered) AS paid_through
    FROM (
        SELECT membership_id, to_on, bool_and(state = 'covered') AS covered
        FROM fee_period
        WHERE release = 0
        GROUP BY membership_id, from_on, to_on
    ) stretch
    GROUP BY membership_id
) derived ON derived.membership_id = m.id
WHERE (m.charged_through, m.paid_through) IS DISTINCT FROM (derived.charged_through, derived.paid_through)
