-- Returns that still wait for the payment which they return, in the books that a run has booked on, beyond a payment.
SELECT k.payment_id
FROM payment_case k
WHERE k.reason = 'returned' AND k.closed_at IS NULL AND k.unallocated < 0 AND k.payment_id > :after
    AND k.creditor_id IN (SELECT creditor_id FROM run_slice WHERE run_id = :run)
    AND NOT EXISTS (SELECT FROM payment_return t WHERE t.payment_id = k.payment_id)
ORDER BY k.payment_id
LIMIT :most
