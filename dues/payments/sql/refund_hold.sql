-- Locks the approved refunds that an order takes, in the order of their ids; what a second run takes at the same moment is
-- passed over.
SELECT id
FROM refund
WHERE creditor_id = :creditor AND state = 'approved' AND currency = :currency
ORDER BY id
LIMIT :most
FOR NO KEY UPDATE SKIP LOCKED
