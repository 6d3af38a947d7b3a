-- The payer has the name of somebody who owes exactly this. Of a name that is everywhere, a few are looked at,
-- and of somebody who pays for thousands the claims that this may be.
INSERT INTO match_found (payment_id, claim_id, way, weak, evidence)
SELECT t.payment_id, c.id, 'name', true, jsonb_build_object('value', t.source)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
CROSS JOIN LATERAL (SELECT p.id FROM person p WHERE p.name_key = t.value ORDER BY p.id LIMIT 20) called
CROSS JOIN LATERAL (
    SELECT k.id
    FROM claim k
    WHERE k.debtor_id = called.id AND k.creditor_id = :creditor
    ORDER BY (k.ended IS NULL AND k.open_amount = w.amount) DESC, (k.amount = w.amount) DESC, (k.ended IS NULL) DESC,
        k.id DESC
    LIMIT 50
) c
WHERE t.sort = 'name'
