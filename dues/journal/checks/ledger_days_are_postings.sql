-- What is kept of reconciled accounts by day is what their postings add up to.
SELECT count(*)
FROM (
    SELECT account_id, on_date, sum(amount) AS amount, sum(of_payments) AS of_payments
    FROM (
        SELECT account_id, on_date, amount, of_payments FROM ledger_day
        UNION ALL
        SELECT account_id, on_date, amount, of_payments FROM ledger_day_change
    ) part
    GROUP BY account_id, on_date
) kept
FULL JOIN (
    SELECT a.id AS account_id, side.on_date, sum(side.amount) AS amount,
        coalesce(sum(side.amount) FILTER (WHERE side.payment_id IS NOT NULL), 0) AS of_payments
    FROM (
        SELECT debit_account_id AS account_id, on_date, amount, payment_id FROM posting
        UNION ALL
        SELECT credit_account_id, on_date, -amount, payment_id FROM posting
    ) side
    JOIN account a ON a.id = side.account_id
    WHERE a.role IN ('bank', 'unidentified')
    GROUP BY a.id, side.on_date
) booked USING (account_id, on_date)
WHERE (coalesce(kept.amount, 0), coalesce(kept.of_payments, 0))
    IS DISTINCT FROM (coalesce(booked.amount, 0), coalesce(booked.of_payments, 0))
