-- Keeps back the invoices of a slice of an undoing that have not left the house, and queues the credit notes of those that
-- have. What a worker has taken at this very moment counts as having left.
WITH item AS MATERIALIZED (
    SELECT invoice_id, note_id FROM undo_item
    WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready'
),
-- A slip goes out for the others on it that stay, and says what was credited.
needed AS MATERIALIZED (
    SELECT own.invoice_id
    FROM item
    JOIN slip_part own ON own.invoice_id = item.invoice_id AND own.collects
    JOIN slip_part other ON other.run_id = own.run_id AND other.slip_seq = own.slip_seq AND NOT other.collects
    JOIN claim c ON c.invoice_id = other.invoice_id AND c.ended IS NULL
    LEFT JOIN undo_item too ON too.run_id = :run AND too.invoice_id = other.invoice_id AND too.state = 'ready'
    WHERE too.invoice_id IS NULL OR c.open_amount < c.amount
),
withheld AS (
    UPDATE message m SET state = 'withheld'
    FROM item
    WHERE m.kind = 'invoice' AND m.subject_id = item.invoice_id AND m.state = 'queued'
        AND item.invoice_id NOT IN (SELECT invoice_id FROM needed)
    RETURNING m.id
),
sent AS (
    SELECT DISTINCT item.invoice_id, item.note_id
    FROM item
    -- What stands on another creditor's slip left the house with it.
    LEFT JOIN slip_part own ON own.invoice_id = item.invoice_id AND NOT own.collects
    LEFT JOIN slip_part slip ON slip.run_id = own.run_id AND slip.slip_seq = own.slip_seq AND slip.collects
    JOIN message m ON m.kind = 'invoice' AND m.subject_id = coalesce(slip.invoice_id, item.invoice_id)
    WHERE m.state IN ('queued', 'sending', 'sent') AND m.id NOT IN (SELECT id FROM withheld)
        AND (slip.invoice_id IS NULL OR m.state <> 'queued')
        AND (m.state <> 'queued' OR item.invoice_id NOT IN (SELECT invoice_id FROM needed))
)
INSERT INTO message (kind, subject_id, person_id, channel, address, language)
SELECT 'invoice', sent.note_id, i.payer_id, told.way, CASE told.way WHEN 'sms' THEN payer.phone ELSE payer.email END,
    i.language
FROM sent
JOIN invoice i ON i.id = sent.invoice_id
JOIN person payer ON payer.id = i.payer_id
JOIN creditor ON creditor.id = i.creditor_id
CROSS JOIN LATERAL (SELECT way_to(payer.email, payer.phone, creditor.sms) AS way) told
WHERE payer.deceased_on IS NULL
    AND (told.way <> 'print' OR i.payer_city <> '' AND (i.payer_street <> '' OR i.payer_postcode <> ''))
