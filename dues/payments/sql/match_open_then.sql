-- What the claims that a rule points to had open when the payment came: what is open, and what was allocated or
-- credited since. Claims of invoices that were issued after :until were not there.
UPDATE match_found f SET open_amount = nullif(was.open_amount, 0), due_on = was.due_on
FROM (
    SELECT m.payment_id, m.claim_id, coalesce(c.deferred_to, c.due_on) AS due_on,
        c.open_amount
        + coalesce((
            SELECT sum(CASE WHEN a.reverses_id IS NULL THEN a.amount ELSE -a.amount END)
            FROM allocation a
            WHERE a.claim_id = c.id AND a.recorded_at >= p.recorded_at
        ), 0)
        + CASE WHEN c.credited_amount > 0 AND EXISTS (
            SELECT FROM invoice note WHERE note.credits_id = c.invoice_id AND note.recorded_at >= p.recorded_at
        ) THEN c.credited_amount ELSE 0 END AS open_amount
    FROM (SELECT DISTINCT payment_id, claim_id FROM match_found) m
    JOIN payment p ON p.id = m.payment_id
    JOIN claim c ON c.id = m.claim_id AND c.creditor_id = :creditor AND c.currency = p.currency
    JOIN invoice i ON i.id = c.invoice_id AND i.issued_on <= :until
) was
WHERE was.payment_id = f.payment_id AND was.claim_id = f.claim_id
