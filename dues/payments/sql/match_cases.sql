-- The waiting payments of a slice whose owner may be looked for: nothing of them is used, and no person has taken a use
-- of them back, for that would be done again. Money of ours that came back is nobody's payment.
INSERT INTO match_waiting (payment_id, amount, currency, reference, end_to_end_id, payer_account, lost, knows)
SELECT p.id, p.amount, p.currency, p.reference, normalised_reference(p.end_to_end_id), p.payer_account,
    r.value IS NULL,
    cast(9223372036854775807 AS bigint)
FROM payment_case k
JOIN payment p ON p.id = k.payment_id
-- A join and no subquery, which might read the references of everybody for each slice.
LEFT JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = p.reference
WHERE k.creditor_id = :creditor AND k.payment_id BETWEEN :first AND :last AND k.closed_at IS NULL
    AND k.unallocated = p.amount AND p.amount > 0 AND k.reason <> 'taken back' AND p.kind <> 'return'
