-- References of claims stand in the free text, one or several; together they are what came.
INSERT INTO match_found (payment_id, claim_id, way, evidence)
SELECT t.payment_id, c.id, 'sum', jsonb_build_object('value', r.value)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = t.value
JOIN claim named ON named.id = r.claim_id
JOIN claim c ON c.invoice_id = named.invoice_id AND (r.whole OR c.id = named.id)
WHERE t.sort = 'text'
