-- Sums up a preview: what would be issued in all, by channel, type and group; and what is left out, by reason. By type and
-- group memberships are counted, of which an invoice may charge several; by channel what is delivered, which a slip is once.
INSERT INTO run_sum (run_id, axis, key, currency, items, amount)
SELECT :run,
    CASE WHEN grouping(i.channel) = 0 THEN 'channel'
         WHEN grouping(class.type_id) = 0 THEN 'type'
         WHEN grouping(i.group_id) = 0 THEN 'group'
         ELSE 'total' END,
    coalesce(i.channel, class.type_id::text, i.group_id::text, ''), i.currency,
    CASE WHEN grouping(class.type_id) = 0 OR grouping(i.group_id) = 0 THEN count(*)
         WHEN grouping(i.channel) = 0 THEN count(*) FILTER (WHERE coalesce(i.joint_seq, i.slip_seq, i.seq) = i.seq)
         ELSE count(*) FILTER (WHERE i.joint_seq IS NULL OR i.joint_seq = i.seq) END,
    sum(i.amount)
FROM invoice_item i
JOIN price_class class ON class.run_id = :run AND class.number = i.class_number
WHERE i.run_id = :run AND i.state = 'ready'
GROUP BY GROUPING SETS ((i.currency), (i.currency, i.channel), (i.currency, class.type_id), (i.currency, i.group_id))
UNION ALL
SELECT :run, 'reason', reason, '', count(*), 0
FROM invoice_item
WHERE run_id = :run AND state <> 'ready'
GROUP BY reason
