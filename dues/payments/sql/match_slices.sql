-- Plans the slices that look once more at what waits: of one creditor, about :size payments each.
INSERT INTO run_slice (run_id, first, last, creditor_id, state, survivors)
SELECT :run, min(payment_id), max(payment_id), creditor_id, 'claimed', count(*)
FROM (
    SELECT k.payment_id, k.creditor_id,
        (row_number() OVER (PARTITION BY k.creditor_id ORDER BY k.payment_id) - 1) / cast(:size AS bigint) AS part
    FROM payment_case k
    WHERE k.closed_at IS NULL AND k.unallocated > 0
        AND (cast(:path AS text) = '' OR k.creditor_id IN (
            SELECT c.id FROM creditor c JOIN groups g ON g.id = c.group_id WHERE g.path ^@ cast(:path AS text)
        ))
) divided
GROUP BY creditor_id, part
