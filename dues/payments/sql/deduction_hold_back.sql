-- Locks the claims that a stretch of a payment's allocations was used for, in the order of their ids.
SELECT id FROM claim
WHERE id IN (SELECT claim_id FROM allocation WHERE payment_id = :payment AND id BETWEEN :first AND :last)
ORDER BY id
FOR NO KEY UPDATE
