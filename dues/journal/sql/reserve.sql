-- Gives each slice of a run the number of the voucher it will book: one block for each creditor, in one short
-- transaction.
WITH need AS (
    SELECT creditor_id, count(*) AS entries
    FROM run_slice
    WHERE run_id = :run AND survivors > 0
    GROUP BY creditor_id
),
taken AS (
    INSERT INTO number_series (creditor_id, series, next_number)
    SELECT creditor_id, 'entry', 1 + entries FROM need ORDER BY creditor_id
    ON CONFLICT (creditor_id, series) DO UPDATE
        SET next_number = number_series.next_number + excluded.next_number - 1
    RETURNING creditor_id, next_number
),
share AS (
    SELECT first, creditor_id, row_number() OVER (PARTITION BY creditor_id ORDER BY first) - 1 AS before
    FROM run_slice
    WHERE run_id = :run AND survivors > 0
)
UPDATE run_slice s
SET entry_number = taken.next_number - need.entries + share.before
FROM share
JOIN need ON need.creditor_id = share.creditor_id
JOIN taken ON taken.creditor_id = share.creditor_id
WHERE s.run_id = :run AND s.first = share.first
