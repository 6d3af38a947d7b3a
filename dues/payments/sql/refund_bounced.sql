-- Finds money that came back of refunds which have only now been confirmed: it came in the same slice, or in an earlier file
-- than the bank's word that the money had left. It takes the place of what was found before; cases stay as they are read here.
WITH confirmed AS (
    DELETE FROM refunded RETURNING refund_id, kind
)
INSERT INTO refunded (payment_id, refund_id, person_id, amount, currency, value_on, kind)
SELECT payment_id, refund_id, person_id, amount, currency, value_on, 'bounced'
FROM (
    SELECT met.*, row_number() OVER (PARTITION BY refund_id ORDER BY payment_id) AS nth
    FROM (
        SELECT p.id AS payment_id, r.id AS refund_id, r.person_id, p.amount, p.currency, p.value_on
        FROM confirmed
        JOIN refund r ON r.id = confirmed.refund_id
        JOIN payment p ON p.end_to_end_id = r.end_to_end_id AND p.creditor_id = r.creditor_id
            AND p.currency = r.currency AND p.amount = r.amount AND p.kind = 'return'
        JOIN payment_case k ON k.payment_id = p.id
        WHERE confirmed.kind = 'paid' AND k.closed_at IS NULL AND k.unallocated = p.amount
        ORDER BY p.id
        FOR UPDATE OF k
    ) met
) told
WHERE nth = 1
