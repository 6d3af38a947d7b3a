-- Marks the charged fee periods of a paid invoice as covered; a line that was credited whole charges none any more.
UPDATE fee_period f SET state = 'covered'
FROM invoice_line l
WHERE l.invoice_id = :invoice
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0 AND f.state = 'charged'
    AND NOT EXISTS (
        SELECT FROM invoice note
        JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
        WHERE note.credits_id = l.invoice_id
        HAVING sum(back.amount) = l.amount
    )
