-- Releases the fee periods of a slice of an undoing, as release.sql does those of one invoice.
UPDATE fee_period f
SET state = 'released',
    release = 1 + (SELECT max(other.release) FROM fee_period other
                   WHERE other.membership_id = f.membership_id AND other.component_id = f.component_id
                       AND other.after_on = f.after_on)
FROM undo_item i
JOIN invoice_line l ON l.invoice_id = i.invoice_id
WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0
