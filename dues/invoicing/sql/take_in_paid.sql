-- How much had been paid of the invoices of a slice before they were taken in.
SELECT coalesce(sum(paid), 0) FROM charge_item
WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready'
