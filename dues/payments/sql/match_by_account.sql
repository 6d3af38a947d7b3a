-- The account has paid before, and always for one and the same person: what they owe. Of an account that pays often,
-- the latest payments are looked at; of somebody who pays for thousands the claims that this may be, never all of them.
INSERT INTO match_found (payment_id, claim_id, way, evidence)
WITH earlier AS MATERIALIZED (
    SELECT w.payment_id, e.id, e.booked_on
    FROM match_waiting w
    CROSS JOIN LATERAL (
        SELECT p.id, p.booked_on
        FROM payment p
        WHERE p.payer_account = w.payer_account AND p.creditor_id = :creditor AND p.id <= w.knows
            AND p.id <> w.payment_id
        ORDER BY p.id DESC
        LIMIT 50
    ) e
    WHERE NOT w.done AND w.lost
),
paid_for AS (
    SELECT e.payment_id, min(a.person_id) AS person_id, max(e.booked_on) AS booked_on
    FROM earlier e
    JOIN allocation a ON a.payment_id = e.id
    WHERE a.reverses_id IS NULL AND NOT EXISTS (SELECT FROM allocation back WHERE back.reverses_id = a.id)
    GROUP BY e.payment_id
    HAVING min(a.person_id) = max(a.person_id)
)
SELECT f.payment_id, c.id, 'fit', jsonb_build_object('on', f.booked_on)
FROM paid_for f
JOIN match_waiting w ON w.payment_id = f.payment_id
CROSS JOIN LATERAL (
    SELECT k.id
    FROM claim k
    WHERE k.debtor_id = f.person_id AND k.creditor_id = :creditor
    ORDER BY (k.ended IS NULL AND k.open_amount = w.amount) DESC, (k.amount = w.amount) DESC, (k.ended IS NULL) DESC,
        k.id DESC
    LIMIT 50
) c
