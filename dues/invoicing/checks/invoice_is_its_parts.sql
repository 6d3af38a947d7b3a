-- Every invoice is the sum of its lines; one that is no credit note is also the sum of its claims.
SELECT count(*)
FROM invoice i
LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM invoice_line GROUP BY invoice_id) l ON l.invoice_id = i.id
LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM claim GROUP BY invoice_id) c ON c.invoice_id = i.id
WHERE i.amount IS DISTINCT FROM l.amount OR (i.kind = 'invoice' AND i.amount IS DISTINCT FROM c.amount)
