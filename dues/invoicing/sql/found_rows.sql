-- The rows (:each) or the invoices of a run that a search finds: by the beginning of a member's or payer's name or
-- e-mail address, by a person's number, or by an invoice's number.
WITH people AS MATERIALIZED (
    (SELECT id FROM person WHERE name_key ^@ cast(:key AS text) ORDER BY name_key LIMIT cast(:most AS bigint))
    UNION
    (SELECT id FROM person WHERE email_key ^@ cast(:key AS text) AND email_key <> '' LIMIT cast(:most AS bigint))
    UNION
    SELECT id FROM person WHERE id = cast(:number AS bigint)
),
served AS MATERIALIZED (
    SELECT id FROM people
    UNION
    SELECT payer.person_id FROM payer JOIN people ON people.id = payer.payer_id
),
found AS MATERIALIZED (
    SELECT i.seq
    FROM served
    JOIN membership m ON m.person_id = served.id
    JOIN invoice_item i ON i.run_id = :run AND i.membership_id = m.id
    UNION
    SELECT item_seq
    FROM invoice
    WHERE number = cast(:number AS bigint) AND run_id = :run
        AND creditor_id IN (SELECT creditor_id FROM run_slice WHERE run_id = :run)
)
SELECT DISTINCT CASE WHEN cast(:each AS boolean) OR i.joint_seq IS NULL THEN i.seq ELSE i.joint_seq END AS seq
FROM found
JOIN invoice_item i ON i.run_id = :run AND i.seq = found.seq
WHERE CASE WHEN cast(:each AS boolean) OR i.joint_seq IS NULL THEN i.seq ELSE i.joint_seq END > :after AND (i.state <> 'ready') = cast(:left_out AS boolean)
    AND (cast(:reason AS text) = '' OR i.reason = cast(:reason AS text))
ORDER BY seq
LIMIT :size
