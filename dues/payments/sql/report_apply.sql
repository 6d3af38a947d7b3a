-- Moves the refunds that a report speaks of: what the bank refused waits for somebody with its reason, what it took says so.
-- Where it says both of one, no money leaves.
UPDATE refund SET state = CASE told.outcome WHEN 'rejected' THEN 'bounced' ELSE refund.state END,
    approved_by = CASE told.outcome WHEN 'rejected' THEN NULL ELSE refund.approved_by END,
    stopped = CASE told.outcome WHEN 'rejected' THEN 'rejected' END,
    stop_code = CASE told.outcome WHEN 'rejected' THEN told.reason END,
    stop_words = CASE told.outcome WHEN 'rejected' THEN told.words ELSE '' END,
    accepted_on = CASE told.outcome WHEN 'accepted' THEN cast(:on AS date) END
FROM (
    SELECT DISTINCT ON (refund_id) refund_id, outcome, reason, words
    FROM order_told
    WHERE report_id = :report AND outcome IN ('accepted', 'rejected')
    ORDER BY refund_id, outcome DESC, position
) told
WHERE refund.id = told.refund_id AND refund.state = 'sent'
