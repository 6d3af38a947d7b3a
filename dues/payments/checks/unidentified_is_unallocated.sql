-- What stands on the accounts for unidentified money is what the queue has unallocated, payment by payment; where a return
-- met a payment without a use both stand there, and come to nothing together.
SELECT count(*)
FROM (
    SELECT k.payment_id, k.unallocated - coalesce(back.met, 0) + coalesce(gone.met, 0) AS unallocated
    FROM payment_case k
    LEFT JOIN payment_return back ON back.payment_id = k.payment_id
    LEFT JOIN payment_return gone ON gone.original_id = k.payment_id
) waiting
FULL JOIN (
    SELECT p.payment_id,
        sum(CASE WHEN c.role = 'unidentified' THEN p.amount ELSE 0 END)
        - sum(CASE WHEN d.role = 'unidentified' THEN p.amount ELSE 0 END) AS amount
    FROM posting p
    JOIN account d ON d.id = p.debit_account_id
    JOIN account c ON c.id = p.credit_account_id
    WHERE p.payment_id IS NOT NULL AND 'unidentified' IN (d.role, c.role)
    GROUP BY p.payment_id
) booked USING (payment_id)
WHERE coalesce(waiting.unallocated, 0) <> coalesce(booked.amount, 0)
