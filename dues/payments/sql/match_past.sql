-- Payments of some days, whatever was done with them, for a rule that is tried on them: each as if nobody knew its
-- reference, and with what earlier payments had taught by then.
INSERT INTO match_waiting (payment_id, amount, currency, reference, end_to_end_id, payer_account, lost, knows)
SELECT p.id, p.amount, p.currency, p.reference, normalised_reference(p.end_to_end_id), p.payer_account, true, p.id - 1
FROM payment p
WHERE p.creditor_id = :creditor AND p.booked_on BETWEEN :from_day AND :until AND p.amount > 0 AND p.id > :after
ORDER BY p.id
LIMIT :most
