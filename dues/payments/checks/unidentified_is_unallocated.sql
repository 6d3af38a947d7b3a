-- What stands on the accounts for unidentified money is what the payments have unallocated, payment by payment.
SELECT count(*)
FROM payment p
JOIN bank_file f ON f.id = p.file_id
LEFT JOIN (
    SELECT p.payment_id,
        sum(CASE WHEN c.role = 'unidentified' THEN p.amount ELSE 0 END)
        - sum(CASE WHEN d.role = 'unidentified' THEN p.amount ELSE 0 END) AS amount
    FROM posting p
    JOIN account d ON d.id = p.debit_account_id
    JOIN account c ON c.id = p.credit_account_id
    WHERE p.payment_id IS NOT NULL
    GROUP BY p.payment_id
) booked ON booked.payment_id = p.id
WHERE p.unallocated <> coalesce(booked.amount, 0)
    AND NOT EXISTS (
        SELECT FROM run_slice s
        WHERE s.run_id = f.run_id AND s.state <> 'written' AND p.id BETWEEN s.first AND s.last
    )
