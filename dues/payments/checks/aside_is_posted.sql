-- What was set aside, and brought back, is a posting between unidentified receipts and the account that it says; of
-- money that left the other way round.
SELECT count(*)
FROM payment_aside a
LEFT JOIN posting p ON p.entry_id = a.entry_id AND p.payment_id = a.payment_id
    AND (p.amount, p.currency) = (abs(a.amount), a.currency)
    AND CASE WHEN (a.reverses_id IS NULL) = (a.amount > 0) THEN p.credit_account_id ELSE p.debit_account_id END = a.account_id
WHERE p.id IS NULL
