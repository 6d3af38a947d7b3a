-- Folds what was booked on reconciled accounts into the sums of its days; a reader sees either the one or the other.
WITH gone AS (
    DELETE FROM ledger_day_change RETURNING account_id, on_date, creditor_id, amount, of_payments
)
INSERT INTO ledger_day AS kept (account_id, on_date, creditor_id, amount, of_payments)
SELECT account_id, on_date, creditor_id, sum(amount), sum(of_payments)
FROM gone
GROUP BY account_id, on_date, creditor_id
ON CONFLICT (account_id, on_date) DO UPDATE
    SET amount = kept.amount + excluded.amount, of_payments = kept.of_payments + excluded.of_payments
