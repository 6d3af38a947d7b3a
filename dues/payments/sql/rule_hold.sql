-- The waiting payments of a stretch that a payer's rule fits, held until the transaction ends: whole ones alone, which gave
-- no reference that means an invoice and were not taken back by anybody. One that somebody works on is left to them.
SELECT c.payment_id
FROM payment_case c
JOIN payment p ON p.id = c.payment_id
WHERE c.creditor_id = :creditor AND c.closed_at IS NULL AND c.payment_id BETWEEN :first AND :last
    AND c.reason IN ('no reference', 'unknown reference', 'money left') AND c.unallocated <> 0
    AND c.unallocated = p.amount AND p.currency = :currency
    AND EXISTS (
        SELECT FROM payer_rule r
        WHERE r.creditor_id = :creditor AND r.active
            AND (r.payer_account = p.payer_account OR r.words <> '' AND strpos(c.search_key, r.words) > 0)
    )
ORDER BY c.payment_id
LIMIT :most
FOR UPDATE OF c SKIP LOCKED
