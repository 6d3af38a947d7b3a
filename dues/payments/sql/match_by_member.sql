-- The number of a member stands in the text, ours or another system's. A number that nothing announces, and that an
-- invoice has as well, says too little. Of somebody who pays for thousands the claims that this may be are looked at.
INSERT INTO match_found (payment_id, claim_id, way, weak, evidence)
SELECT t.payment_id, c.id, 'fit',
    t.at = 0 OR t.at = 1 AND EXISTS (
        SELECT FROM invoice i
        WHERE i.creditor_id = :creditor AND i.number = cast(t.value AS bigint) AND i.kind = 'invoice'
    ),
    jsonb_build_object('value', t.source)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
CROSS JOIN LATERAL (
    SELECT k.id
    FROM claim k
    WHERE k.debtor_id = cast(t.value AS bigint) AND k.creditor_id = :creditor
    ORDER BY (k.ended IS NULL AND k.open_amount = w.amount) DESC, (k.amount = w.amount) DESC, (k.ended IS NULL) DESC,
        k.id DESC
    LIMIT 50
) c
WHERE t.sort = 'member'
UNION ALL
SELECT t.payment_id, c.id, 'fit', t.at = 0, jsonb_build_object('value', t.source)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
JOIN external_id e ON e.kind = 'person' AND e.external = t.value
JOIN person p ON p.uuid = e.entity
CROSS JOIN LATERAL (
    SELECT k.id
    FROM claim k
    WHERE k.debtor_id = p.id AND k.creditor_id = :creditor
    ORDER BY (k.ended IS NULL AND k.open_amount = w.amount) DESC, (k.amount = w.amount) DESC, (k.ended IS NULL) DESC,
        k.id DESC
    LIMIT 50
) c
WHERE t.sort = 'printed'
