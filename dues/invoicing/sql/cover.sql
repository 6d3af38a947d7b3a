-- Marks the charged fee periods of invoices as covered where enough of them is paid: nothing is left open of all claims, or,
-- where the type says so, of the first. A line that was credited whole charges none any more.
UPDATE fee_period f SET state = 'covered'
FROM invoice_line l
JOIN membership m ON m.id = l.membership_id
JOIN membership_type t ON t.id = m.type_id
WHERE l.invoice_id = ANY (:invoices)
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0 AND f.state = 'charged'
    AND NOT EXISTS (
        SELECT FROM claim c
        WHERE c.invoice_id = l.invoice_id AND (t.covered_by <> 'first part' OR c.position = 1)
            AND (c.ended IS NULL OR c.ended NOT IN ('paid', 'credited'))
    )
    AND NOT EXISTS (
        SELECT FROM invoice note
        JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
        WHERE note.credits_id = l.invoice_id
        HAVING sum(back.amount) = l.amount
    )
