-- Locks the cases that are about to be closed, in the order of their payments.
SELECT count(*)
FROM (
    SELECT payment_id FROM payment_case
    WHERE payment_id IN (SELECT payment_id FROM match_hit WHERE certain)
    ORDER BY payment_id
    FOR UPDATE
) held
