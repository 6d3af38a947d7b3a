-- Sums up what a file brought for each account, day by day: payments are never changed, so the sums never are.
INSERT INTO account_day (file_id, agreement_id, booked_on, payments, amount)
SELECT :file, agreement_id, booked_on, sum(payments), sum(amount) FROM tally GROUP BY agreement_id, booked_on
