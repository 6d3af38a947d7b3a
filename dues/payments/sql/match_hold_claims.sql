-- Locks the claims that are about to be settled, in the order of their ids.
SELECT count(*)
FROM (
    SELECT id FROM claim
    WHERE id IN (SELECT claim_id FROM match_hit WHERE certain)
    ORDER BY id
    FOR NO KEY UPDATE
) held
