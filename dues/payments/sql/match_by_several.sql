-- Several references were given. One that is not known leaves the others in doubt: nobody knows what it was to get.
INSERT INTO match_found (payment_id, claim_id, way, asked, given, evidence)
SELECT t.payment_id, r.claim_id, 'split', asked.several, CASE WHEN count(t.amount) = count(*) THEN sum(t.amount) END,
    jsonb_build_object('value', min(r.value), 'amounts', count(t.amount) = count(*))
FROM (
    SELECT payment_id, count(DISTINCT value) AS several
    FROM match_token
    WHERE sort = 'listed'
    GROUP BY payment_id
    HAVING count(DISTINCT value) > 1
) asked
JOIN match_waiting w ON w.payment_id = asked.payment_id AND NOT w.done
JOIN match_token t ON t.payment_id = asked.payment_id AND t.sort = 'listed'
JOIN payment_reference r ON r.creditor_id = :creditor AND r.value = t.value AND NOT r.whole
GROUP BY t.payment_id, r.claim_id, asked.several
