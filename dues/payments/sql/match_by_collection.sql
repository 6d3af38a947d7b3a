-- The payment was sent with an id of ours (end to end), as payments that our own orders and codes start are.
INSERT INTO match_found (payment_id, claim_id, way, evidence)
SELECT w.payment_id, r.claim_id, 'one', jsonb_build_object('value', r.value)
FROM match_waiting w
JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = w.end_to_end_id AND NOT r.whole
WHERE NOT w.done AND w.lost
