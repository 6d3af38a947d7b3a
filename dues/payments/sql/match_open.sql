-- What the claims that a rule points to have open now.
UPDATE match_found f SET open_amount = c.open_amount, due_on = coalesce(c.deferred_to, c.due_on)
FROM claim c, match_waiting w
WHERE c.id = f.claim_id AND w.payment_id = f.payment_id
    AND c.creditor_id = :creditor AND c.currency = w.currency AND c.ended IS NULL
