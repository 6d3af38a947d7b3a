-- Plans the slices that book a file: neighbouring stretches of one creditor, day and currency together, so that each
-- slice is one voucher on its day, of about :size payments.
INSERT INTO run_slice (run_id, first, last, creditor_id, state, survivors)
SELECT :run, min(first), max(last), creditor_id, 'claimed', sum(payments)
FROM (
    SELECT *, (sum(payments) OVER (PARTITION BY island, creditor_id, booked_on, currency ORDER BY first) - 1)
        / cast(:size AS bigint) AS part
    FROM (
        SELECT *, row_number() OVER (ORDER BY first)
            - row_number() OVER (PARTITION BY creditor_id, booked_on, currency ORDER BY first) AS island
        FROM stretch
    ) numbered
) divided
GROUP BY creditor_id, booked_on, currency, island, trunc(part)
