-- Which pairs of return and payment can be booked now, with what they need: neither was met by another, the return waits
-- as it came, and all that the payment was used for can be taken back from claims that are open or paid and from credit
-- that is still there, also by those of them that stand before it. What little of it was written off is credit again
-- first; for what a rule made of it (a refund, a gift) other credit does not stand in. All of it is locked.
WITH pair AS MATERIALIZED (
    SELECT r.id AS return_id, o.id AS original_id, p.found_by, p.place, r.creditor_id, r.currency, r.file_id,
        greatest(r.booked_on, o.booked_on) AS on_date, o.amount, -r.amount - o.amount AS extra,
        coalesce(rest.unallocated, 0) AS met
    FROM unnest(cast(:returns AS bigint[]), cast(:originals AS bigint[]), cast(:found_by AS text[]))
        WITH ORDINALITY p(return_id, original_id, found_by, place)
    JOIN payment r ON r.id = p.return_id AND (r.kind = 'return' OR p.found_by = 'person')
    JOIN payment_case k ON k.payment_id = r.id AND k.unallocated = r.amount
    JOIN payment o ON o.id = p.original_id AND o.creditor_id = r.creditor_id AND o.currency = r.currency
        AND o.amount > 0 AND o.amount <= -r.amount AND o.agreement_id = r.agreement_id
    LEFT JOIN payment_case rest ON rest.payment_id = o.id
    WHERE NOT EXISTS (SELECT FROM payment_return t WHERE r.id = t.payment_id OR o.id = t.original_id)
),
used AS (
    SELECT pair.return_id, a.id, a.amount,
        CASE WHEN a.claim_id IS NULL THEN
            spent.kind IS NOT DISTINCT FROM 'difference'
                OR spent.kind IS NULL
                AND sum(CASE WHEN spent.kind IS NULL THEN a.amount ELSE 0 END)
                        OVER (PARTITION BY a.person_id, a.claim_id, a.currency ORDER BY pair.place, a.id)
                    <= coalesce(b.balance, 0)
                AND NOT EXISTS (SELECT FROM exchange e WHERE e.allocation_id = a.id AND e.taken_back_id IS NULL)
        ELSE (c.ended IS NULL OR c.ended = 'paid')
            AND sum(a.amount) OVER (PARTITION BY a.claim_id ORDER BY pair.place, a.id)
                <= c.amount - c.credited_amount - c.open_amount
        END AS is_there
    FROM pair
    JOIN allocation a ON a.payment_id = pair.original_id AND a.reverses_id IS NULL
    LEFT JOIN credit_use spent ON spent.allocation_id = a.id AND spent.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM credit_use back WHERE back.reverses_id = spent.id)
    LEFT JOIN claim c ON c.id = a.claim_id
    LEFT JOIN credit b ON b.creditor_id = pair.creditor_id AND b.person_id = a.person_id AND b.currency = a.currency
    WHERE NOT EXISTS (SELECT FROM allocation back WHERE back.reverses_id = a.id)
)
SELECT pair.return_id, pair.original_id, pair.found_by, pair.creditor_id, pair.currency, pair.file_id, pair.on_date,
    pair.extra, array_agg(used.id) FILTER (WHERE used.id IS NOT NULL) AS uses
FROM pair
LEFT JOIN used ON used.return_id = pair.return_id
GROUP BY pair.return_id, pair.original_id, pair.found_by, pair.creditor_id, pair.currency, pair.file_id, pair.on_date,
    pair.extra, pair.amount, pair.met, pair.place
HAVING coalesce(bool_and(used.is_there), true) AND coalesce(sum(used.amount), 0) + pair.met = pair.amount
ORDER BY pair.place
