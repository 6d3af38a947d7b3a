-- Locks the claims of a slice of reminders in the order of their ids.
SELECT count(*)
FROM (
    SELECT id FROM claim
    WHERE id IN (SELECT claim_id FROM reminder_item
                 WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready')
    ORDER BY id
    FOR NO KEY UPDATE
) held
