-- What is open on a day by how long it has been due. The sums and their changes are read in one look.
SELECT currency,
    CASE WHEN due_on >= cast(:on AS date) THEN 0
         WHEN cast(:on AS date) - due_on <= 30 THEN 1
         WHEN cast(:on AS date) - due_on <= 60 THEN 2
         ELSE 3
    END AS age,
    sum(claims) AS claims, sum(amount) AS amount
FROM (
    SELECT currency, due_on, claims, amount FROM open_claims
    UNION ALL
    SELECT currency, due_on, claims, amount FROM open_claims_change
) part
GROUP BY currency, age
HAVING sum(claims) > 0
ORDER BY currency, age
