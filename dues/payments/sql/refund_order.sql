-- Takes approved refunds that are locked into an order: from now on they are on their way. Each gets a number of its own
-- that the bank is told and quotes.
UPDATE refund SET state = 'sent', order_id = :id, attempt = attempt + 1, accepted_on = NULL,
    end_to_end_id = replace(uuid::text, '-', '') || (attempt + 1)
WHERE id = ANY (cast(:among AS bigint[])) AND state = 'approved'
RETURNING id, end_to_end_id, amount, name, scheme, number, reason
