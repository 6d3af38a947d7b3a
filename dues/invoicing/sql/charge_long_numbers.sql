-- The creditors whose next numbers, taken for all ready invoices of a run, would not fit the references of the bank
-- agreement that the run prints, each with the highest of those numbers.
SELECT need.creditor_id, need.highest
FROM (
    SELECT item.creditor_id, item.payee_id, item.n + coalesce(series.next_number, 1) - 1 AS highest
    FROM (SELECT creditor_id, payee_id, count(*) AS n FROM charge_item
          WHERE run_id = :run AND state = 'ready' GROUP BY creditor_id, payee_id) item
    LEFT JOIN number_series series ON series.creditor_id = item.creditor_id AND series.series = 'invoice'
) need
JOIN payee ON payee.id = need.payee_id
JOIN bank_agreement a ON a.id = payee.agreement_id
WHERE payment_reference_for(a.reference_kind, a.reference_length, a.length_digit, need.highest) IS NULL
ORDER BY need.creditor_id
LIMIT 1
