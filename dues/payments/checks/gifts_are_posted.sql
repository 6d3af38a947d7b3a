-- What lies on the account of a fund is what people gave for it.
SELECT count(*)
FROM (
    SELECT f.account_id, sum(CASE WHEN g.reverses_id IS NULL THEN g.amount ELSE -g.amount END) AS amount
    FROM gift g
    JOIN fund f ON f.id = g.fund_id
    GROUP BY f.account_id
) given
FULL JOIN (
    SELECT side.account_id, sum(side.amount) AS amount
    FROM (SELECT credit_account_id AS account_id, amount FROM posting
          UNION ALL SELECT debit_account_id, -amount FROM posting) side
    JOIN account a ON a.id = side.account_id AND a.role = 'gift'
    GROUP BY side.account_id
) booked ON booked.account_id = given.account_id
WHERE coalesce(given.amount, 0) <> coalesce(booked.amount, 0)
