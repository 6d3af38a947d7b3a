-- What is kept of each account by day is what its payments add up to.
SELECT count(*)
FROM account_day d
FULL JOIN (
    SELECT file_id, agreement_id, booked_on, count(*) AS payments, sum(amount) AS amount
    FROM payment
    GROUP BY file_id, agreement_id, booked_on
) came USING (file_id, agreement_id, booked_on)
WHERE (d.payments, d.amount) IS DISTINCT FROM (came.payments, came.amount)
