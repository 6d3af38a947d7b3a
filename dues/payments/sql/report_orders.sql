-- Writes down what a report says of single orders, and what comes of each: only a refund that is on its way under this
-- very number, with this amount, moves. A number of an earlier attempt is known by the refund's own name in it.
INSERT INTO order_told (report_id, position, creditor_id, end_to_end_id, code, reason, words, amount, currency, name,
    refund_id, outcome)
SELECT :report, :begins + told.position, :creditor, told.name, told.code, told.why, told.says, told.amount,
    told.currency, told.receiver, coalesce(r.id, before.id),
    CASE
        WHEN r.id IS NULL AND before.id IS NULL THEN 'unknown'
        WHEN r.id IS NULL OR r.state <> 'sent' THEN 'late'
        WHEN told.amount IS NOT NULL AND (told.amount <> r.amount OR told.currency <> r.currency) THEN 'differs'
        WHEN told.fate IN ('rejected', 'cancelled') THEN 'rejected'
        WHEN told.fate IN ('accepted', 'settled') THEN 'accepted'
        ELSE 'waiting'
    END
FROM unnest(cast(:names AS text[]), cast(:codes AS text[]), cast(:fates AS text[]), cast(:whys AS text[]),
        cast(:says AS text[]), cast(:sums AS bigint[]), cast(:currencies AS text[]), cast(:receivers AS text[]))
    WITH ORDINALITY told(name, code, fate, why, says, amount, currency, receiver, position)
LEFT JOIN refund r ON r.end_to_end_id = told.name AND r.creditor_id = :creditor
LEFT JOIN refund before ON r.id IS NULL AND before.creditor_id = :creditor
    AND before.uuid = CASE WHEN told.name ~ '^[0-9a-f]{32}[0-9]+$' THEN cast(left(told.name, 32) AS uuid) END
