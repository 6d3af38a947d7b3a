-- A fee period of a type that is covered by payment is covered exactly when its invoice is paid; a line that was
-- credited whole charges none.
SELECT count(*)
FROM fee_period f
JOIN membership m ON m.id = f.membership_id
JOIN membership_type t ON t.id = m.type_id AND t.covered_by = 'payment'
JOIN invoice_line l ON l.membership_id = f.membership_id AND l.component_id = f.component_id
    AND l.period_from = f.from_on
JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'invoice'
JOIN claim c ON c.invoice_id = i.id
WHERE f.release = 0 AND f.run_id IS NOT NULL
    AND (c.credited_amount = 0 OR NOT EXISTS (
        SELECT FROM invoice note
        JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
        WHERE note.credits_id = i.id
        HAVING sum(back.amount) = l.amount
    ))
    AND (f.state = 'covered') <> (c.ended IS NOT DISTINCT FROM 'paid')
