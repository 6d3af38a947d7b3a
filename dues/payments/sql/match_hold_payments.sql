-- Locks the payments that are about to be booked, in the order of their ids.
SELECT count(*)
FROM (
    SELECT id FROM payment
    WHERE id IN (SELECT payment_id FROM match_hit WHERE certain)
    ORDER BY id
    FOR NO KEY UPDATE
) held
