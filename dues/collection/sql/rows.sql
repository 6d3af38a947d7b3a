-- Rows of a reminder run as people read them: who owes, which invoice, and the reminder's level and amount.
SELECT i.seq, i.state, i.reason, i.level, i.amount, i.currency, i.channel, debtor.id AS person_id,
    debtor.uuid AS person_uuid, ltrim(debtor.given_name || ' ' || debtor.family_name) AS person,
    invoice.uuid AS invoice_uuid, coalesce(invoice.printed, invoice.number::text) AS number, c.due_on
FROM reminder_item i
JOIN claim c ON c.id = i.claim_id
JOIN invoice ON invoice.id = c.invoice_id
JOIN person debtor ON debtor.id = c.debtor_id
WHERE i.run_id = :run AND i.seq = ANY(cast(:ids AS bigint[]))
ORDER BY i.seq
