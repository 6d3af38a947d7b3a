-- The reference given is known by now: it names a claim, or all parts of an invoice.
INSERT INTO match_found (payment_id, claim_id, way, evidence)
SELECT w.payment_id, r.claim_id, 'one', jsonb_build_object('value', r.value)
FROM match_waiting w
JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = w.reference AND NOT r.whole
WHERE NOT w.done
UNION ALL
SELECT w.payment_id, c.id, 'split', jsonb_build_object('value', r.value)
FROM match_waiting w
JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = w.reference AND r.whole
JOIN claim named ON named.id = r.claim_id
JOIN claim c ON c.invoice_id = named.invoice_id
WHERE NOT w.done
