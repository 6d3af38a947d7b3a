-- The rows of a reminder run that a search finds: by the beginning of a debtor's name or e-mail address, by a person's
-- number, or by an invoice's number.
WITH people AS MATERIALIZED (
    (SELECT id FROM person WHERE name_key ^@ cast(:key AS text) ORDER BY name_key LIMIT cast(:most AS bigint))
    UNION
    (SELECT id FROM person WHERE email_key ^@ cast(:key AS text) AND email_key <> '' LIMIT cast(:most AS bigint))
    UNION
    SELECT id FROM person WHERE id = cast(:number AS bigint)
),
found AS MATERIALIZED (
    SELECT c.id FROM people JOIN claim c ON c.debtor_id = people.id
    UNION
    SELECT c.id
    FROM invoice
    JOIN claim c ON c.invoice_id = invoice.id
    WHERE invoice.number = cast(:number AS bigint)
        AND invoice.creditor_id IN (SELECT creditor_id FROM run_slice WHERE run_id = :run)
)
SELECT i.seq
FROM found
JOIN reminder_item i ON i.run_id = :run AND i.claim_id = found.id
WHERE i.seq > :after AND (i.state <> 'ready') = cast(:left_out AS boolean)
    AND (cast(:reason AS text) = '' OR i.reason = cast(:reason AS text))
ORDER BY i.seq
LIMIT :size
