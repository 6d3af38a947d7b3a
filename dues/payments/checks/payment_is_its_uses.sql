-- For every payment, what is allocated and what is not make up what came.
SELECT count(*)
FROM payment p
LEFT JOIN (
    SELECT payment_id, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM allocation
    GROUP BY payment_id
) used ON used.payment_id = p.id
WHERE p.amount <> p.unallocated + coalesce(used.amount, 0)
