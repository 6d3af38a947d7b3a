-- The run that a preview is compared with: the one that charged most of these members the last time, whenever that was;
-- a sample of every :stride-th tells which. There is none where they were charged one by one, or never.
WITH chosen AS MATERIALIZED (
    SELECT membership_id, charged_before FROM invoice_item
    WHERE run_id = :run AND state = 'ready' AND charged_before IS NOT NULL AND seq % :stride = 0
)
SELECT p.run_id
FROM chosen
JOIN fee_period p ON p.membership_id = chosen.membership_id AND p.to_on = chosen.charged_before AND p.release = 0
JOIN run r ON r.id = p.run_id AND (r.params ->> 'memberships') IS NULL AND r.state = 'done'
GROUP BY p.run_id
ORDER BY count(DISTINCT p.membership_id) DESC, p.run_id DESC
LIMIT 1
