-- The rows (:each) or the invoices of a run that charge members of one group.
WITH found AS MATERIALIZED (
    SELECT CASE WHEN cast(:each AS boolean) OR i.joint_seq IS NULL THEN i.seq ELSE i.joint_seq END AS seq, i.state,
        i.reason
    FROM membership m
    JOIN invoice_item i ON i.run_id = :run AND i.membership_id = m.id
    WHERE m.group_id = cast(:group AS bigint)
)
SELECT DISTINCT seq
FROM found
WHERE seq > :after AND (state <> 'ready') = cast(:left_out AS boolean)
    AND (cast(:reason AS text) = '' OR reason = cast(:reason AS text))
ORDER BY seq
LIMIT :size
