-- A few invoices to look at before confirming: the dearest, a letter where there is one, and the first ones.
(SELECT 1 AS place, seq FROM invoice_item WHERE run_id = :run AND state = 'ready' ORDER BY amount DESC, seq LIMIT 1)
UNION ALL
(SELECT 2, seq FROM invoice_item WHERE run_id = :run AND state = 'ready' AND channel = 'print' ORDER BY seq LIMIT 1)
UNION ALL
(SELECT 3, seq FROM invoice_item WHERE run_id = :run AND state = 'ready' ORDER BY seq LIMIT 3)
ORDER BY place, seq
