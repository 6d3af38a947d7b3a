-- Sums up what a file brought, day by day: payments are never changed, so the sums never are.
INSERT INTO payment_day (file_id, creditor_id, currency, booked_on, payments, received)
SELECT :file, creditor_id, currency, booked_on, sum(incoming), sum(received)
FROM stretch
WHERE incoming > 0
GROUP BY creditor_id, currency, booked_on
