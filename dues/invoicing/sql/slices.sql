-- Stretches of at most :size items of one creditor, all of them to be invoiced or all of them free, each worked on in
-- a transaction of its own. What becomes joint invoices has slices of its own (joint_slices.sql).
INSERT INTO run_slice (run_id, first, last, creditor_id)
SELECT :run, min(seq), max(seq), creditor_id
FROM (
    SELECT seq, creditor_id, state,
        (row_number() OVER (PARTITION BY creditor_id, state ORDER BY seq) - 1) / :size AS part
    FROM invoice_item
    WHERE run_id = :run AND (state = 'ready' OR reason = 'free') AND joint_seq IS NULL
) item
GROUP BY creditor_id, state, part
