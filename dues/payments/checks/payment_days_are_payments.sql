-- What is kept of each file by day is what its payments add up to.
SELECT count(*)
FROM payment_day d
FULL JOIN (
    SELECT file_id, creditor_id, currency, booked_on, count(*) AS payments, sum(amount) AS received
    FROM payment
    WHERE amount > 0
    GROUP BY file_id, creditor_id, currency, booked_on
) came USING (file_id, creditor_id, currency, booked_on)
WHERE (d.payments, d.received) IS DISTINCT FROM (came.payments, came.received)
