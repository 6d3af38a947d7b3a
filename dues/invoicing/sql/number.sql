-- Gives every surviving item its number, in one short transaction: a block for each creditor, shared out to the
-- slices in their order; and each slice the number of the voucher it will book.
WITH need AS (
    SELECT creditor_id, sum(survivors) AS items, count(*) AS entries
    FROM run_slice
    WHERE run_id = :run AND survivors > 0
    GROUP BY creditor_id
),
taken AS (
    INSERT INTO number_series (creditor_id, series, next_number)
    SELECT creditor_id, series, 1 + n
    FROM (SELECT creditor_id, 'invoice' AS series, items AS n FROM need
          UNION ALL
          SELECT creditor_id, 'entry', entries FROM need) block
    ORDER BY creditor_id, series
    ON CONFLICT (creditor_id, series) DO UPDATE
        SET next_number = number_series.next_number + excluded.next_number - 1
    RETURNING creditor_id, series, next_number
),
share AS (
    SELECT first, creditor_id,
        sum(survivors) OVER (PARTITION BY creditor_id ORDER BY first) - survivors AS items_before,
        row_number() OVER (PARTITION BY creditor_id ORDER BY first) - 1 AS entries_before
    FROM run_slice
    WHERE run_id = :run AND survivors > 0
)
UPDATE run_slice s
SET number_from = invoices.next_number - need.items + share.items_before,
    entry_number = entries.next_number - need.entries + share.entries_before
FROM share
JOIN need ON need.creditor_id = share.creditor_id
JOIN taken invoices ON invoices.creditor_id = share.creditor_id AND invoices.series = 'invoice'
JOIN taken entries ON entries.creditor_id = share.creditor_id AND entries.series = 'entry'
WHERE s.run_id = :run AND s.first = share.first
