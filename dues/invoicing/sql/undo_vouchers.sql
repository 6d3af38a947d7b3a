-- Gives each slice of an undoing the number of the voucher it will book, in one short transaction. Credit notes get their
-- numbers as the last thing of each slice: until then nobody knows how many they are.
WITH need AS (
    SELECT creditor_id, count(*) AS entries
    FROM run_slice
    WHERE run_id = :run
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
    SELECT first, creditor_id, row_number() OVER (PARTITION BY creditor_id ORDER BY first) - 1 AS entries_before
    FROM run_slice
    WHERE run_id = :run
)
UPDATE run_slice s
SET entry_number = taken.next_number - need.entries + share.entries_before
FROM share
JOIN need ON need.creditor_id = share.creditor_id
JOIN taken ON taken.creditor_id = share.creditor_id
WHERE s.run_id = :run AND s.first = share.first
