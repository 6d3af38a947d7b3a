-- Stretches of about :size rows of one creditor that become joint invoices; none is cut in two.
INSERT INTO run_slice (run_id, first, last, creditor_id)
SELECT :run, min(seq), max(seq), creditor_id
FROM (
    SELECT seq, creditor_id, (joint_seq - min(joint_seq) OVER (PARTITION BY creditor_id)) / :size AS part
    FROM invoice_item
    WHERE run_id = :run AND joint_seq IS NOT NULL
) item
GROUP BY creditor_id, part
