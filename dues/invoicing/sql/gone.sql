-- The rows of a slice whose membership ended since it was claimed, or who died, member or payer, each with the reason; and whether
-- nothing is left of their invoice, which several rows may share.
-- Whoever ends a membership meanwhile waits for this slice, or this slice for them: all memberships of it are locked, in
-- the order of their ids.
WITH item AS MATERIALIZED (
    SELECT i.seq, i.joint_seq, m.ended_on, member.deceased_on IS NOT NULL OR payer.deceased_on IS NOT NULL AS deceased
    FROM invoice_item i
    JOIN membership m ON m.id = i.membership_id
    JOIN person member ON member.id = i.person_id
    JOIN person payer ON payer.id = i.payer_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
    ORDER BY m.id
    FOR SHARE OF m
)
SELECT seq, coalesce(joint_seq, seq) AS invoice, CASE WHEN deceased THEN 'deceased' ELSE 'no member any more' END AS reason,
    joint_seq IS NULL OR NOT EXISTS (
        SELECT FROM item other WHERE other.joint_seq = item.joint_seq AND NOT other.deceased AND other.ended_on IS NULL
    ) AS whole
FROM item
WHERE deceased OR ended_on IS NOT NULL
ORDER BY seq
