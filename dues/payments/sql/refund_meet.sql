-- Finds the payments of a slice that are refunds of ours: money that left under the number a bank was told, or that
-- came back under it, with the very amount; each refund once. The refunds are locked in the order of their ids.
CREATE TEMPORARY TABLE refunded ON COMMIT DROP AS
SELECT payment_id, refund_id, person_id, amount, currency, value_on, kind
FROM (
    SELECT met.*, row_number() OVER (PARTITION BY refund_id, kind ORDER BY payment_id) AS nth
    FROM (
        SELECT p.id AS payment_id, r.id AS refund_id, r.person_id, p.amount, p.currency, p.value_on,
            CASE WHEN p.amount < 0 THEN 'paid' ELSE 'bounced' END AS kind
        FROM payment_case k
        JOIN payment p ON p.id = k.payment_id
        JOIN refund r ON r.end_to_end_id = p.end_to_end_id AND r.creditor_id = p.creditor_id
            AND r.currency = p.currency
        WHERE k.payment_id BETWEEN :first AND :last AND k.creditor_id = :creditor AND k.closed_at IS NULL
            AND k.unallocated = p.amount AND p.file_id = :file AND p.currency = :currency
            AND (p.amount = -r.amount AND r.state = 'sent'
                OR p.amount = r.amount AND r.state = 'confirmed' AND p.kind = 'return')
        ORDER BY r.id
        FOR NO KEY UPDATE OF r
    ) met
) told
WHERE nth = 1
