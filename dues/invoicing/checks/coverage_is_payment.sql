-- A fee period of a type that is covered by payment is covered exactly when its invoice is paid.
SELECT count(*)
FROM fee_period f
JOIN membership m ON m.id = f.membership_id
JOIN membership_type t ON t.id = m.type_id AND t.covered_by = 'payment'
JOIN invoice_line l ON l.membership_id = f.membership_id AND l.component_id = f.component_id
    AND l.period_from = f.from_on
JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'invoice'
JOIN claim c ON c.invoice_id = i.id
LEFT JOIN invoice credited ON credited.credits_id = i.id
WHERE f.release = 0 AND f.run_id IS NOT NULL AND credited.id IS NULL
    AND (f.state = 'covered') <> (c.ended IS NOT DISTINCT FROM 'paid')
