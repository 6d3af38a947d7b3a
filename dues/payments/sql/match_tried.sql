-- What a rule would have found in payments of the past, beside what was done with them and still holds.
SELECT h.payment_id, p.booked_on, p.payer_name, p.amount, p.currency, h.claim_id, i.uuid AS invoice,
    coalesce(i.printed, cast(i.number AS text)) AS number,
    ltrim(d.given_name || ' ' || d.family_name) AS name, h.certain, h.doubt,
    coalesce(used.claims, '{}') AS claims, coalesce(used.numbers, '{}') AS numbers, coalesce(used.kept, false) AS kept,
    EXISTS (SELECT FROM payment_case k WHERE k.payment_id = h.payment_id AND k.closed_at IS NULL) AS waits
FROM match_hit h
JOIN payment p ON p.id = h.payment_id
JOIN claim c ON c.id = h.claim_id
JOIN invoice i ON i.id = c.invoice_id
JOIN person d ON d.id = c.debtor_id
LEFT JOIN (
    SELECT a.payment_id, array_agg(DISTINCT a.claim_id) FILTER (WHERE a.claim_id IS NOT NULL) AS claims,
        array_agg(DISTINCT coalesce(paid.printed, cast(paid.number AS text))) FILTER (WHERE paid.id IS NOT NULL)
            AS numbers,
        bool_or(a.claim_id IS NULL) AS kept
    FROM allocation a
    LEFT JOIN claim settled ON settled.id = a.claim_id
    LEFT JOIN invoice paid ON paid.id = settled.invoice_id
    WHERE a.payment_id IN (SELECT payment_id FROM match_hit) AND a.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM allocation back WHERE back.reverses_id = a.id)
    GROUP BY a.payment_id
) used ON used.payment_id = h.payment_id
ORDER BY h.payment_id, h.claim_id
