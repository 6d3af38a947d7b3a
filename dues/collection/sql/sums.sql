-- Sums up a preview of reminders: in all, by channel and by level; and what is left alone, by reason.
INSERT INTO run_sum (run_id, axis, key, currency, items, amount)
SELECT :run,
    CASE WHEN grouping(channel) = 0 THEN 'channel' WHEN grouping(level) = 0 THEN 'level' ELSE 'total' END,
    coalesce(channel, level::text, ''), currency, count(*), sum(amount)
FROM reminder_item
WHERE run_id = :run AND state = 'ready'
GROUP BY GROUPING SETS ((currency), (currency, channel), (currency, level))
UNION ALL
SELECT :run, 'reason', reason, '', count(*), 0
FROM reminder_item
WHERE run_id = :run AND state <> 'ready'
GROUP BY reason
