-- The sums that are kept of open claims, with their changes, are what the claims add up to.
SELECT count(*)
FROM (
    SELECT creditor_id, currency, due_on, level, reminded_on, sum(claims) AS claims, sum(amount) AS amount
    FROM (
        SELECT creditor_id, currency, due_on, level, reminded_on, claims, amount FROM open_claims
        UNION ALL
        SELECT creditor_id, currency, due_on, level, reminded_on, claims, amount FROM open_claims_change
    ) part
    GROUP BY creditor_id, currency, due_on, level, reminded_on
    HAVING sum(claims) <> 0 OR sum(amount) <> 0
) kept
FULL JOIN (
    SELECT creditor_id, currency, due_on, dunning_level AS level, coalesce(dunned_on, '-infinity') AS reminded_on,
        count(*) AS claims, sum(open_amount) AS amount
    FROM claim
    WHERE open_amount > 0
    GROUP BY creditor_id, currency, due_on, dunning_level, dunned_on
) counted USING (creditor_id, currency, due_on, level, reminded_on)
WHERE (kept.claims, kept.amount) IS DISTINCT FROM (counted.claims, counted.amount)
