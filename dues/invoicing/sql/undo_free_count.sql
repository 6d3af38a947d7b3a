-- How many memberships stand where a run (:undoes) let them go on for nothing: undoing it gives these periods back.
SELECT count(*)
FROM invoice_item i
JOIN membership m ON m.id = i.membership_id AND m.charged_through = i.period_to
WHERE i.run_id = :undoes AND i.reason = 'free'
    AND EXISTS (
        SELECT FROM fee_period p WHERE p.membership_id = i.membership_id AND p.run_id = :undoes AND p.release = 0
    )
