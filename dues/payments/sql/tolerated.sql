-- What small differences were written off with some uses of payments, and not taken back since: of too much, the use of
-- the credit that it was; of too little, what was written off on the claim, as far as the claim can be open for it.
WITH used AS MATERIALIZED (
    SELECT id, claim_id, amount FROM allocation WHERE id = ANY (cast(:allocations AS bigint[]))
)
SELECT u.id AS use_id, NULL AS claim_id, u.person_id, u.amount
FROM used
JOIN credit_use u ON u.allocation_id = used.id AND u.kind = 'difference' AND u.reverses_id IS NULL
WHERE NOT EXISTS (SELECT FROM credit_use back WHERE back.reverses_id = u.id)
UNION ALL
SELECT NULL, c.id, c.debtor_id, least(short.amount, c.amount - c.credited_amount - c.open_amount - back.amount)
FROM (SELECT claim_id, sum(amount) AS amount FROM used WHERE claim_id IS NOT NULL GROUP BY claim_id) back
JOIN claim c ON c.id = back.claim_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE WHEN d.role = 'difference' THEN p.amount ELSE -p.amount END), 0) AS amount
    FROM posting p
    JOIN account d ON d.id = p.debit_account_id
    JOIN account k ON k.id = p.credit_account_id
    WHERE p.claim_id = c.id AND 'difference' IN (d.role, k.role)
) short
WHERE least(short.amount, c.amount - c.credited_amount - c.open_amount - back.amount) > 0
