-- Marks the charged fee periods of a paid invoice as covered.
UPDATE fee_period f SET state = 'covered'
FROM invoice_line l
WHERE l.invoice_id = :invoice
    AND f.membership_id = l.membership_id AND f.component_id = l.component_id AND f.from_on = l.period_from
    AND f.release = 0 AND f.state = 'charged'
