-- A reference differs in one digit from what was typed, which its check digit says is wrong.
INSERT INTO match_found (payment_id, claim_id, way, evidence)
SELECT t.payment_id, r.claim_id, 'one', jsonb_build_object('value', r.value, 'given', t.source, 'at', t.at)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = t.value AND NOT r.whole
WHERE t.sort = 'digit'
    AND NOT EXISTS (SELECT FROM payment_reference s WHERE s.creditor_id = :creditor AND s.value = t.source)
