-- Folds the changes of open claims into their sums; at every moment a reader sees either the one or the other.
WITH gone AS (
    DELETE FROM open_claims_change
    RETURNING creditor_id, currency, due_on, level, reminded_on, claims, amount
)
INSERT INTO open_claims AS kept (creditor_id, currency, due_on, level, reminded_on, claims, amount)
SELECT creditor_id, currency, due_on, level, reminded_on, sum(claims), sum(amount)
FROM gone
GROUP BY creditor_id, currency, due_on, level, reminded_on
HAVING sum(claims) <> 0 OR sum(amount) <> 0
ON CONFLICT (creditor_id, currency, due_on, level, reminded_on) DO UPDATE
    SET claims = kept.claims + excluded.claims, amount = kept.amount + excluded.amount
