-- An invoice that is paid in parts has as many claims as they say, counted from one, in the order of their days; each part
-- has a reference of its own, and their first one another that means them all.
SELECT (SELECT count(*)
        FROM (
            SELECT invoice_id, count(*) AS n, min(parts) AS least, max(parts) AS most, max(position) AS last,
                bool_and(later) AS in_order
            FROM (SELECT c.*, due_on > coalesce(lag(due_on) OVER (PARTITION BY invoice_id ORDER BY position), '-infinity')
                      AS later
                  FROM claim c
                  WHERE parts > 1 OR position > 1) each
            GROUP BY invoice_id
        ) found
        WHERE n <> least OR n <> most OR n <> last OR NOT in_order)
    + (SELECT count(*)
       FROM claim c
       WHERE c.parts > 1 AND NOT (
           EXISTS (SELECT FROM payment_reference r WHERE r.claim_id = c.id AND NOT r.whole)
           AND EXISTS (SELECT FROM payment_reference r WHERE r.claim_id = c.id AND r.whole) = (c.position = 1)))
    + (SELECT count(*) FROM payment_reference r JOIN claim c ON c.id = r.claim_id WHERE r.whole AND c.parts = 1)
