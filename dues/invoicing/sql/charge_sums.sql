-- Sums up a preview: what would be issued in all, by channel and group; and what is left out, by reason.
INSERT INTO run_sum (run_id, axis, key, currency, items, amount)
SELECT :run,
    CASE WHEN grouping(channel) = 0 THEN 'channel' WHEN grouping(group_id) = 0 THEN 'group' ELSE 'total' END,
    coalesce(channel, group_id::text, ''), currency, count(*), sum(amount)
FROM charge_item
WHERE run_id = :run AND state = 'ready'
GROUP BY GROUPING SETS ((currency), (currency, channel), (currency, group_id))
UNION ALL
SELECT :run, 'reason', reason, '', count(*), 0
FROM charge_item
WHERE run_id = :run AND state <> 'ready'
GROUP BY reason
