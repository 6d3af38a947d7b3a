-- Rows of an undoing as people read them: whose invoice, and the credit note once it is written.
SELECT i.seq, i.state, i.reason, i.amount, i.currency, i.channel, payer.id AS payer_id, payer.uuid AS payer_uuid,
    ltrim(payer.given_name || ' ' || payer.family_name) AS payer, g.name AS "group", invoice.uuid AS invoice_uuid,
    coalesce(invoice.printed, invoice.number::text) AS number, note.uuid AS note_uuid, note.number AS note_number
FROM undo_item i
JOIN invoice ON invoice.id = i.invoice_id
JOIN person payer ON payer.id = invoice.payer_id
JOIN groups g ON g.id = i.group_id
LEFT JOIN invoice note ON note.id = i.note_id
WHERE i.run_id = :run AND i.seq = ANY(cast(:ids AS bigint[]))
ORDER BY i.seq
