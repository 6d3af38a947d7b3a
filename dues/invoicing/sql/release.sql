-- Releases the fee periods of a credited invoice; each released row gets the next number of its stretch, so that
-- the stretch may be charged again.
UPDATE fee_period f
SET state = 'released',
    release = 1 + (SELECT max(other.release) FROM fee_period other
                   WHERE other.membership_id = f.membership_id AND other.component_id = f.component_id
                       AND other.after_on = f.after_on)
FROM invoice_line l
WHERE l.invoice_id = :invoice
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0
