-- Locks the refunds that a report speaks of, by their numbers or as a whole order, in the order of their ids.
SELECT count(*)
FROM (
    SELECT id
    FROM refund
    WHERE creditor_id = :creditor
        AND (end_to_end_id = ANY (cast(:names AS text[])) OR order_id = cast(:order AS bigint))
    ORDER BY id
    FOR NO KEY UPDATE
) held
