-- The rows of an undoing that a search finds: by the beginning of a payer's name or e-mail address, by a person's number, or
-- by an invoice's number.
WITH people AS MATERIALIZED (
    (SELECT id FROM person WHERE name_key ^@ cast(:key AS text) ORDER BY name_key LIMIT cast(:most AS bigint))
    UNION
    (SELECT id FROM person WHERE email_key ^@ cast(:key AS text) AND email_key <> '' LIMIT cast(:most AS bigint))
    UNION
    SELECT id FROM person WHERE id = cast(:number AS bigint)
),
found AS MATERIALIZED (
    SELECT invoice.id FROM people JOIN invoice ON invoice.payer_id = people.id
    UNION
    SELECT coalesce(credits_id, id)
    FROM invoice
    WHERE number = cast(:number AS bigint)
        AND creditor_id IN (SELECT creditor_id FROM undo_item WHERE run_id = :run)
)
SELECT i.seq
FROM found
JOIN undo_item i ON i.run_id = :run AND i.invoice_id = found.id
WHERE i.seq > :after AND (i.state <> 'ready') = cast(:left_out AS boolean)
    AND (cast(:reason AS text) = '' OR i.reason = cast(:reason AS text))
ORDER BY i.seq
LIMIT :size
