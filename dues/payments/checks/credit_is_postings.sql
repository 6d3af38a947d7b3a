-- Every person's credit is what the credit accounts hold for them.
SELECT count(*)
FROM (SELECT c.creditor_id, c.person_id, c.currency, c.balance FROM credit c) kept
FULL JOIN (
    SELECT creditor_id, person_id, currency, sum(amount) AS balance
    FROM (
        SELECT a.creditor_id, p.person_id, p.currency, p.amount
        FROM posting p JOIN account a ON a.id = p.credit_account_id AND a.role = 'credit'
        UNION ALL
        SELECT a.creditor_id, p.person_id, p.currency, -p.amount
        FROM posting p JOIN account a ON a.id = p.debit_account_id AND a.role = 'credit'
    ) side
    GROUP BY creditor_id, person_id, currency
) booked USING (creditor_id, person_id, currency)
WHERE coalesce(kept.balance, 0) <> coalesce(booked.balance, 0)
