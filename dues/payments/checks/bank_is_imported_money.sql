-- The bank accounts in the books hold what was imported, but for slices that a run has yet to book; cash accounts hold
-- what was received by hand and not withdrawn.
SELECT count(*)
FROM (SELECT bank_account_id FROM bank_agreement GROUP BY bank_account_id) bank
LEFT JOIN (
    SELECT a.bank_account_id, sum(p.amount) AS amount
    FROM payment p
    JOIN bank_agreement a ON a.id = p.agreement_id
    JOIN bank_file f ON f.id = p.file_id
    WHERE NOT EXISTS (
        SELECT FROM run_slice s
        WHERE s.run_id = f.run_id AND s.state IN ('planned', 'claimed') AND p.id BETWEEN s.first AND s.last
    )
    GROUP BY a.bank_account_id
) imported ON imported.bank_account_id = bank.bank_account_id
LEFT JOIN (
    SELECT account_id, sum(amount) AS amount
    FROM (SELECT debit_account_id AS account_id, amount FROM posting
          UNION ALL SELECT credit_account_id, -amount FROM posting) side
    GROUP BY account_id
) booked ON booked.account_id = bank.bank_account_id
LEFT JOIN (
    SELECT account_id, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM payment_aside
    WHERE purpose = 'withdrawn'
    GROUP BY account_id
) withdrawn ON withdrawn.account_id = bank.bank_account_id
WHERE coalesce(imported.amount, 0) - coalesce(withdrawn.amount, 0) <> coalesce(booked.amount, 0)
