-- Keeps what may be meant by the payments of a slice that still wait: of each the first rule's, and a few claims of it.
INSERT INTO match_suggestion (payment_id, claim_id, creditor_id, rule, doubt, evidence)
SELECT payment_id, claim_id, :creditor, rule, doubt, evidence
FROM (
    SELECT h.*, rank() OVER (PARTITION BY h.payment_id ORDER BY h.place) AS nth,
        row_number() OVER (PARTITION BY h.payment_id ORDER BY h.place, h.claim_id) AS among
    FROM match_hit h
    JOIN match_waiting w ON w.payment_id = h.payment_id AND NOT w.done
    WHERE NOT h.certain
) ranked
WHERE nth = 1 AND among <= 5
