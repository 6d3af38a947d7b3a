-- Sums up what a file brought, day by day: payments are never changed, so the sums never are.
INSERT INTO payment_day (file_id, creditor_id, currency, booked_on, payments, received)
SELECT file_id, creditor_id, currency, booked_on, count(*), sum(amount)
FROM payment
WHERE file_id = :file AND amount > 0
GROUP BY file_id, creditor_id, currency, booked_on
