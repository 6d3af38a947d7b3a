-- Takes approved refunds into an order, in the order of their ids: from now on they are on their way. What a second run
-- takes at the same moment is passed over; each gets a number of its own that the bank is told and quotes.
WITH taken AS (
    SELECT id
    FROM refund
    WHERE creditor_id = :creditor AND state = 'approved' AND currency = :currency
    ORDER BY id
    LIMIT :most
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE refund SET state = 'sent', order_id = :id, attempt = attempt + 1,
    end_to_end_id = replace(uuid::text, '-', '') || (attempt + 1)
FROM taken
WHERE refund.id = taken.id
RETURNING refund.id, refund.end_to_end_id, refund.amount, refund.name, refund.scheme, refund.number, refund.reason
