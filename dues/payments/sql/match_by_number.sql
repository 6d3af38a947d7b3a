-- Numbers of invoices stand in the text, ours or another system's; together they are what came. A number that nothing
-- announces, and that a member who owes something has as well, says too little.
INSERT INTO match_found (payment_id, claim_id, way, weak, evidence)
SELECT t.payment_id, c.id, 'sum',
    t.at = 0 OR t.at = 1 AND EXISTS (
        SELECT FROM claim theirs
        WHERE theirs.debtor_id = cast(t.value AS bigint) AND theirs.creditor_id = :creditor AND theirs.ended IS NULL
            AND theirs.invoice_id <> i.id
    ),
    jsonb_build_object('value', t.source)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
JOIN invoice i ON i.creditor_id = :creditor AND i.number = cast(t.value AS bigint) AND i.kind = 'invoice'
JOIN claim c ON c.invoice_id = i.id
WHERE t.sort = 'invoice'
UNION ALL
SELECT t.payment_id, c.id, 'sum', t.at = 0, jsonb_build_object('value', t.source)
FROM match_token t
JOIN match_waiting w ON w.payment_id = t.payment_id AND NOT w.done AND w.lost
JOIN elsewhere e ON e.creditor_id = :creditor AND e.number_key = t.value
JOIN claim c ON c.invoice_id = e.invoice_id
WHERE t.sort = 'printed'
