-- Every payment with something left stands in the queue.
SELECT count(*)
FROM payment p
JOIN bank_file f ON f.id = p.file_id
LEFT JOIN payment_case c ON c.payment_id = p.id AND c.closed_at IS NULL
WHERE p.unallocated <> 0 AND c.payment_id IS NULL
    AND NOT EXISTS (
        SELECT FROM run_slice s
        WHERE s.run_id = f.run_id AND s.state <> 'written' AND p.id BETWEEN s.first AND s.last
    )
