-- Lets the first row that is left of each joint invoice of a slice stand for it, after some were left out; those that
-- were stand for themselves.
UPDATE invoice_item i
SET joint_seq = left_now.head
FROM (
    SELECT seq,
        CASE WHEN state = 'ready' THEN min(seq) FILTER (WHERE state = 'ready') OVER (PARTITION BY joint_seq) END AS head
    FROM invoice_item
    WHERE run_id = :run AND seq BETWEEN :first AND :last AND joint_seq IS NOT NULL
) left_now
WHERE i.run_id = :run AND i.seq = left_now.seq AND i.joint_seq IS DISTINCT FROM left_now.head
