-- Stretches of at most :size invoices of one creditor, each written in a transaction of its own; nothing has to be
-- reserved before they get their numbers.
INSERT INTO run_slice (run_id, first, last, creditor_id, state, survivors)
SELECT :run, min(seq), max(seq), creditor_id, 'claimed', count(*)
FROM (
    SELECT seq, creditor_id, (row_number() OVER (PARTITION BY creditor_id ORDER BY seq) - 1) / :size AS part
    FROM charge_item
    WHERE run_id = :run AND state = 'ready'
) item
GROUP BY creditor_id, part
