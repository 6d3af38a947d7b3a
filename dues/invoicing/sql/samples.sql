-- A few invoices to look at before confirming: the dearest, a letter and a joint one where there are, and the first ones.
(SELECT 1 AS place, seq FROM invoice_item WHERE run_id = :run AND state = 'ready' ORDER BY amount DESC, seq LIMIT 1)
UNION ALL
(SELECT 2, seq FROM invoice_item WHERE run_id = :run AND state = 'ready' AND channel = 'print' ORDER BY seq LIMIT 1)
UNION ALL
(SELECT 3, joint_seq FROM invoice_item WHERE run_id = :run AND joint_seq IS NOT NULL ORDER BY joint_seq LIMIT 1)
UNION ALL
(SELECT 4, seq FROM invoice_item WHERE run_id = :run AND state = 'ready' ORDER BY seq LIMIT 3)
ORDER BY place, seq
