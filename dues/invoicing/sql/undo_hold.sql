-- Locks the claims of a slice of an undoing in the order of their ids, and leaves alone what was paid, credited or given
-- up since it was previewed.
WITH held AS MATERIALIZED (
    SELECT c.invoice_id, c.ended, c.credited_amount, c.amount - c.open_amount AS settled
    FROM claim c
    WHERE c.invoice_id IN (SELECT invoice_id FROM undo_item
                           WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready')
    ORDER BY c.id
    FOR NO KEY UPDATE
),
now AS (
    SELECT invoice_id, bool_or(ended = 'credited' OR credited_amount > 0) AS credited, bool_and(ended IS NOT DISTINCT FROM 'paid') AS paid,
        bool_or(ended IS NOT NULL) AS has_ended, bool_or(ended IN ('written off', 'waived', 'lapsed')) AS given_up,
        sum(settled) AS settled
    FROM held
    GROUP BY invoice_id
)
UPDATE undo_item i
SET state = 'excluded',
    reason = CASE WHEN now.credited THEN 'credited already' WHEN now.given_up THEN 'given up'
                  WHEN now.paid THEN 'paid' ELSE 'part-paid' END
FROM now
WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.invoice_id = now.invoice_id
    AND (now.has_ended OR now.settled > 0)
