-- Sums up what undoing a run would credit: in all, by how payers hear of it and by group; and what is left alone, by reason.
INSERT INTO run_sum (run_id, axis, key, currency, items, amount)
SELECT :run,
    CASE WHEN grouping(channel) = 0 THEN 'channel' WHEN grouping(group_id) = 0 THEN 'group' ELSE 'total' END,
    coalesce(channel, group_id::text, ''), currency, count(*), sum(amount)
FROM undo_item
WHERE run_id = :run AND state = 'ready'
GROUP BY GROUPING SETS ((currency), (currency, channel), (currency, group_id))
UNION ALL
SELECT :run, 'reason', reason, '', count(*), 0
FROM undo_item
WHERE run_id = :run AND state <> 'ready'
GROUP BY reason
