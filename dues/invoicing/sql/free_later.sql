-- The stretches of a membership that begin after a day and that a run gave for nothing: no invoice charges them.
SELECT DISTINCT f.from_on, f.to_on
FROM fee_period f
JOIN invoice_item i ON i.run_id = f.run_id AND i.membership_id = f.membership_id AND i.period_from = f.from_on
    AND i.reason = 'free'
WHERE f.membership_id = :membership AND f.release = 0 AND f.from_on > cast(:on AS date)
ORDER BY f.from_on
