-- Releases the fee periods of the lines that a credit note gives back, where now nothing is left of the line; each
-- released row gets the next number of its stretch, so that the stretch may be charged again.
UPDATE fee_period f
SET state = 'released',
    release = 1 + (SELECT max(other.release) FROM fee_period other
                   WHERE other.membership_id = f.membership_id AND other.component_id = f.component_id
                       AND other.after_on = f.after_on)
FROM invoice note
JOIN invoice_line given ON given.invoice_id = note.id
JOIN invoice_line l ON l.invoice_id = note.credits_id AND l.position = given.position
WHERE note.id = :note
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0
    AND l.amount = (
        SELECT sum(back.amount)
        FROM invoice other
        JOIN invoice_line back ON back.invoice_id = other.id AND back.position = l.position
        WHERE other.credits_id = l.invoice_id
    )
