-- Payments that a rule has found need no other.
UPDATE match_waiting w SET done = true
FROM match_hit h
WHERE h.payment_id = w.payment_id AND h.certain AND NOT w.done
