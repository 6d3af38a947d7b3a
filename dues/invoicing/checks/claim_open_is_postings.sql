-- The open amount of every claim is what its postings leave on receivables.
SELECT count(*)
FROM claim c
LEFT JOIN (
    SELECT p.claim_id,
        sum(CASE WHEN d.role = 'receivable' THEN p.amount ELSE 0 END)
        - sum(CASE WHEN k.role = 'receivable' THEN p.amount ELSE 0 END) AS open_amount
    FROM posting p
    JOIN account d ON d.id = p.debit_account_id
    JOIN account k ON k.id = p.credit_account_id
    WHERE p.claim_id IS NOT NULL
    GROUP BY p.claim_id
) booked ON booked.claim_id = c.id
WHERE c.open_amount IS DISTINCT FROM coalesce(booked.open_amount, 0)
