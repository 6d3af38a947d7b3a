-- The rows of a slice whose membership ended since it was claimed, or who died, member or payer, each with the reason.
-- Whoever ends a membership meanwhile waits for this slice, or this slice for them: all memberships of it are locked, in
-- the order of their ids.
WITH item AS MATERIALIZED (
    SELECT i.seq, m.ended_on, member.deceased_on IS NOT NULL OR payer.deceased_on IS NOT NULL AS deceased
    FROM invoice_item i
    JOIN membership m ON m.id = i.membership_id
    JOIN person member ON member.id = i.person_id
    JOIN person payer ON payer.id = i.payer_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
    ORDER BY m.id
    FOR SHARE OF m
)
SELECT seq, CASE WHEN deceased THEN 'deceased' ELSE 'no member any more' END AS reason
FROM item
WHERE deceased OR ended_on IS NOT NULL
ORDER BY seq
