-- A case is open exactly while something of its payment has no use, but for one that a person closed as it is.
SELECT count(*) FROM payment_case
WHERE (closed_at IS NULL AND unallocated = 0 AND reason <> 'no amount')
