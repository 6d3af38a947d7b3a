-- What became of some payments that wait for nobody, beside being used for claims and credit: at most one word for each.
SELECT p.id,
    CASE
        WHEN EXISTS (SELECT FROM payment_return t WHERE t.payment_id = p.id) THEN 'return'
        WHEN EXISTS (SELECT FROM payment_return t WHERE t.original_id = p.id) THEN 'returned'
        WHEN refunds.paid THEN 'refund'
        WHEN refunds.bounced THEN 'refund back'
        WHEN refunds.source > 0 THEN 'sent back'
        ELSE aside.purpose
    END AS became
FROM unnest(cast(:payments AS bigint[])) p(id)
CROSS JOIN LATERAL (
    SELECT bool_or(r.kind = 'paid') AS paid, bool_or(r.kind = 'bounced') AS bounced,
        sum(r.amount) FILTER (WHERE r.kind = 'source') AS source
    FROM refund_payment r
    WHERE r.payment_id = p.id
) refunds
LEFT JOIN LATERAL (
    SELECT a.purpose
    FROM payment_aside a
    WHERE a.payment_id = p.id AND a.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM payment_aside back WHERE back.reverses_id = a.id)
    ORDER BY a.id DESC LIMIT 1
) aside ON true
