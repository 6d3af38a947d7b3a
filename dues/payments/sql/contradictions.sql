-- Payments that bear the key of one seen before and another amount or currency: a person must decide.
SELECT i.position, i.key
FROM (
    SELECT *, row_number() OVER (PARTITION BY agreement_id, key ORDER BY ordinal) AS occurrence FROM incoming
) i
JOIN payment p ON p.agreement_id = i.agreement_id AND p.key = i.key AND p.occurrence = i.occurrence
WHERE (p.amount, p.currency) IS DISTINCT FROM (i.amount, i.currency)
ORDER BY i.ordinal
LIMIT 1
