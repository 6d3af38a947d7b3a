-- What credit notes have left of each line of an invoice, and whether one took it back already.
SELECT l.position, l.membership_id, l.component_id, l.account_id, l.period_from, l.coding_id, l.amount,
    cast(l.amount - coalesce(given.amount, 0) AS bigint) AS still, given.amount IS NOT NULL AS touched
FROM invoice_line l
LEFT JOIN (
    SELECT back.position, sum(back.amount) AS amount
    FROM invoice note
    JOIN invoice_line back ON back.invoice_id = note.id
    WHERE note.credits_id = :invoice
    GROUP BY back.position
) given ON given.position = l.position
WHERE l.invoice_id = :invoice
ORDER BY l.position
