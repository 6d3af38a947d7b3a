-- Queues what delivers the next slips of a run, now that all of them are written: one message each, that of the invoice
-- that collects. Where that one was left out as it was written, the others are delivered by themselves.
WITH slip AS MATERIALIZED (
    SELECT slip_seq, bool_or(collects) AS collected
    FROM slip_part
    WHERE run_id = :run AND slip_seq > :after
    GROUP BY slip_seq
    ORDER BY slip_seq
    LIMIT :size
),
told AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language, urgent)
    SELECT 'invoice', i.id, i.payer_id, item.channel,
        CASE item.channel WHEN 'sms' THEN payer.phone ELSE payer.email END, i.language, cast(:urgent AS boolean)
    FROM slip
    JOIN slip_part p ON p.run_id = :run AND p.slip_seq = slip.slip_seq
    JOIN invoice i ON i.id = p.invoice_id
    JOIN invoice_item item ON item.run_id = :run AND item.seq = i.item_seq
    JOIN person payer ON payer.id = i.payer_id
    WHERE p.collects OR NOT slip.collected
)
SELECT max(slip_seq) FROM slip
