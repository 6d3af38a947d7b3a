-- Forgets what was found of a payment or a claim that others have moved meanwhile, and of a second payment for a claim:
-- it is looked at again when the first is booked.
DELETE FROM match_hit
WHERE certain AND payment_id IN (
    SELECT h.payment_id
    FROM match_hit h
    JOIN match_waiting w ON w.payment_id = h.payment_id
    LEFT JOIN payment_case k ON k.payment_id = h.payment_id AND k.closed_at IS NULL AND k.unallocated = w.amount
        AND k.reason <> 'taken back'
    LEFT JOIN claim c ON c.id = h.claim_id AND c.ended IS NULL AND c.open_amount = h.open_amount
    LEFT JOIN (
        SELECT claim_id, min(payment_id) AS payment_id FROM match_hit WHERE certain GROUP BY claim_id
    ) first ON first.claim_id = h.claim_id
    WHERE h.certain AND (k.payment_id IS NULL OR c.id IS NULL OR first.payment_id < h.payment_id)
)
