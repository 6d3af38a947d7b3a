-- Stretches of a file's payments of one creditor, day and currency, so that each slice is one voucher on its day.
INSERT INTO run_slice (run_id, first, last, creditor_id, state, survivors)
SELECT :run, min(id), max(id), creditor_id, 'claimed', count(*)
FROM (
    SELECT id, creditor_id, booked_on, currency,
        (row_number() OVER (PARTITION BY creditor_id, booked_on, currency ORDER BY id) - 1) / :size AS part
    FROM payment
    WHERE file_id = :file
) stored
GROUP BY creditor_id, booked_on, currency, part
