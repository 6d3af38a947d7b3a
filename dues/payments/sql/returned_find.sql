-- The payment that each of some returns means, by the surest sign there is: the payer's own number for it, the bank's,
-- the reference, and at last a known account, if it paid this amount once only in the last ten weeks. Of several alike it
-- is the latest before the return. A payment is meant whole: what the return is more than it must be what the bank says
-- it took. What was returned already is not meant, and neither is a payment from another account than the one the money
-- went back to.
WITH back AS MATERIALIZED (
    SELECT p.id, p.creditor_id, p.agreement_id, p.currency, p.booked_on, p.end_to_end_id, p.reference, p.payer_account,
        p.originals, split_part(p.key, '|', 2) AS number_of_account, -p.amount AS amount,
        -p.amount - coalesce(p.charges, 0) AS amount_before
    FROM payment p
    WHERE p.id = ANY (cast(:returns AS bigint[]))
),
seen AS (
    SELECT b.id, o.id AS original_id, 1 AS rank
    FROM back b
    JOIN payment o ON o.end_to_end_id = b.end_to_end_id
    UNION ALL
    SELECT b.id, o.id, 2
    FROM back b
    CROSS JOIN LATERAL jsonb_array_elements_text(b.originals) AS given(number)
    CROSS JOIN generate_series(-31, 400) AS before(days)
    CROSS JOIN unnest(ARRAY[b.amount, b.amount_before]) AS sum_of(amount)
    JOIN payment o ON o.agreement_id = b.agreement_id
        AND o.key = concat_ws('|', 'camt', b.number_of_account, b.booked_on - before.days,
            replace(replace(given.number, '%', '%25'), '|', '%7C'), '1', sum_of.amount)
    UNION ALL
    SELECT b.id, a.payment_id, 3
    FROM back b
    JOIN payment_reference r ON r.creditor_id = b.creditor_id AND r.value = b.reference
    JOIN claim named ON named.id = r.claim_id
    JOIN claim c ON c.invoice_id = named.invoice_id AND (r.whole OR c.id = named.id)
    JOIN allocation a ON a.claim_id = c.id AND a.reverses_id IS NULL
    UNION ALL
    SELECT b.id, k.payment_id, 3
    FROM back b
    JOIN payment_case k ON k.reference = b.reference AND k.closed_at IS NULL AND k.creditor_id = b.creditor_id
    UNION ALL
    SELECT b.id, o.id, 4
    FROM back b
    JOIN payment o ON o.payer_account = b.payer_account AND o.booked_on >= b.booked_on - 70
),
fits AS (
    SELECT DISTINCT seen.id, seen.original_id, seen.rank, o.booked_on > b.booked_on AS later, o.booked_on
    FROM seen
    JOIN back b ON b.id = seen.id
    JOIN payment o ON o.id = seen.original_id
    WHERE o.amount IN (b.amount, b.amount_before) AND o.amount > 0 AND o.kind = 'payment'
        AND o.creditor_id = b.creditor_id AND o.agreement_id = b.agreement_id AND o.currency = b.currency
        AND o.booked_on BETWEEN b.booked_on - 400 AND b.booked_on + 31
        AND (o.payer_account = b.payer_account) IS NOT FALSE
        AND NOT EXISTS (SELECT FROM payment_return t WHERE t.original_id = o.id)
),
ordered AS (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY rank, later, booked_on DESC, original_id DESC) AS place,
        count(*) FILTER (WHERE rank = 4) OVER (PARTITION BY id) AS of_account
    FROM fits
)
SELECT id, original_id,
    (ARRAY['end-to-end', 'bank number', 'reference', 'account'])[rank] AS found_by
FROM ordered
WHERE place = 1 AND (rank < 4 OR of_account = 1)
ORDER BY id
