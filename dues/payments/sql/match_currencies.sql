-- In which currencies what was found for certain is booked.
SELECT DISTINCT w.currency
FROM match_hit h
JOIN match_waiting w ON w.payment_id = h.payment_id
WHERE h.certain
ORDER BY w.currency
