-- Takes the cover of invoices' fee periods back where not enough of it is paid any more, except where the type is
-- covered by being invoiced. A line that was credited whole charges none any more.
UPDATE fee_period f SET state = 'charged'
FROM invoice_line l
JOIN membership m ON m.id = l.membership_id
JOIN membership_type t ON t.id = m.type_id
WHERE l.invoice_id = ANY (:invoices) AND t.covered_by <> 'issue'
    AND EXISTS (
        SELECT FROM claim c
        WHERE c.invoice_id = l.invoice_id AND c.ended IS NULL AND (t.covered_by <> 'first part' OR c.position = 1)
    )
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0 AND f.state = 'covered'
    AND NOT EXISTS (
        SELECT FROM invoice note
        JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
        WHERE note.credits_id = l.invoice_id
        HAVING sum(back.amount) = l.amount
    )
