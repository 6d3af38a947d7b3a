-- For every booked payment, what is allocated, what was set aside, what refunds used and what waits in the queue make up
-- what came, with what met a return (or, of a return, the payment) before it had a use, and the fee that a bank took on top.
SELECT count(*)
FROM payment p
JOIN bank_file f ON f.id = p.file_id
LEFT JOIN payment_case c ON c.payment_id = p.id
LEFT JOIN (
    SELECT payment_id, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM (
        SELECT payment_id, amount, reverses_id FROM allocation
        UNION ALL
        SELECT payment_id, amount, reverses_id FROM payment_aside
    ) use
    GROUP BY payment_id
) used ON used.payment_id = p.id
LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM refund_payment GROUP BY payment_id) refunded
    ON refunded.payment_id = p.id
LEFT JOIN payment_return back ON back.payment_id = p.id
LEFT JOIN payment_return gone ON gone.original_id = p.id
WHERE p.amount <> coalesce(c.unallocated, 0) + coalesce(used.amount, 0) + coalesce(refunded.amount, 0)
        - coalesce(back.met + back.fee, 0) + coalesce(gone.met, 0)
    AND NOT EXISTS (
        SELECT FROM run_slice s
        WHERE s.run_id = f.run_id AND s.state IN ('planned', 'claimed') AND p.id BETWEEN s.first AND s.last
    )
