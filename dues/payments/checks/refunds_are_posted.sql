-- What lies on the accounts for refunds is what refunds are still to be paid, creditor by creditor.
SELECT count(*)
FROM (
    SELECT creditor_id, currency, sum(amount) AS amount
    FROM refund
    WHERE state NOT IN ('confirmed', 'cancelled')
    GROUP BY creditor_id, currency
) open
FULL JOIN (
    SELECT a.creditor_id, side.currency, sum(side.amount) AS amount
    FROM (SELECT credit_account_id AS account_id, currency, amount FROM posting
          UNION ALL SELECT debit_account_id, currency, -amount FROM posting) side
    JOIN account a ON a.id = side.account_id AND a.role = 'refund'
    GROUP BY a.creditor_id, side.currency
) booked ON booked.creditor_id = open.creditor_id AND booked.currency = open.currency
WHERE coalesce(open.amount, 0) <> coalesce(booked.amount, 0)
