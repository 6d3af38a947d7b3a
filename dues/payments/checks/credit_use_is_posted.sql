-- Every use of credit has its posting away from the credit account, or back to it where it was taken back.
SELECT count(*)
FROM (
    SELECT entry_id, person_id, coalesce(claim_id, 0) AS claim_id, currency, reverses_id IS NOT NULL AS back,
        sum(amount) AS amount
    FROM credit_use
    GROUP BY entry_id, person_id, coalesce(claim_id, 0), currency, reverses_id IS NOT NULL
) used
FULL JOIN (
    SELECT p.entry_id, p.person_id, coalesce(p.claim_id, 0) AS claim_id, p.currency, c.role = 'credit' AS back,
        sum(p.amount) AS amount
    FROM posting p
    JOIN entry e ON e.id = p.entry_id
    JOIN account d ON d.id = p.debit_account_id
    JOIN account c ON c.id = p.credit_account_id
    WHERE e.event IN ('credit used', 'credit use taken back') AND 'credit' IN (d.role, c.role)
    GROUP BY p.entry_id, p.person_id, coalesce(p.claim_id, 0), p.currency, c.role = 'credit'
) booked ON booked.entry_id = used.entry_id AND booked.person_id = used.person_id
    AND booked.claim_id = used.claim_id AND booked.currency = used.currency AND booked.back = used.back
WHERE used.amount IS DISTINCT FROM booked.amount
