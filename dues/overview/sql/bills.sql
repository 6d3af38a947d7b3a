-- The newest invoices and credit notes of a person: those they pay, and those that others pay for them. Each with how
-- it stands: what is open, from when it was due, hold and reminders, how its last message fared, and what credits it.
-- Only those of groups whose path begins with :scope, "" for all.
WITH mine AS MATERIALIZED (
    (SELECT i.id FROM invoice i
     WHERE i.payer_id = :person
        AND (:scope = '' OR EXISTS (SELECT FROM groups g WHERE g.id = i.group_id AND g.path ^@ cast(:scope AS text)))
     ORDER BY i.id DESC LIMIT :size)
    UNION
    (SELECT l.invoice_id FROM invoice_line l
     WHERE l.person_id = :person AND l.member_name <> ''
        AND (:scope = '' OR EXISTS (
            SELECT FROM invoice i JOIN groups g ON g.id = i.group_id
            WHERE i.id = l.invoice_id AND g.path ^@ cast(:scope AS text)
        ))
     ORDER BY l.invoice_id DESC LIMIT 10 * :size)
)
SELECT i.id, i.uuid, i.kind, coalesce(i.printed, i.number::text) AS number, i.issued_on,
    coalesce(owed.due_on, i.due_on) AS due_on, i.amount, i.currency, i.payer_name,
    i.payer_id <> :person AS paid_by_other, coalesce(original.printed, original.number::text) AS credits, owed.open_amount,
    owed.credited_amount,
    owed.ended, owed.held_until, owed.hold_reason, owed.dunning_level, sent.state AS message_state
FROM mine
JOIN invoice i ON i.id = mine.id
LEFT JOIN invoice original ON original.id = i.credits_id
LEFT JOIN LATERAL (
    SELECT cast(sum(c.open_amount) AS bigint) AS open_amount,
        cast(sum(c.credited_amount) AS bigint) AS credited_amount, min(c.due_on) FILTER (WHERE c.ended IS NULL) AS due_on,
        CASE WHEN bool_and(c.ended IS NOT NULL) THEN max(c.ended) END AS ended, max(c.held_until) AS held_until,
        max(c.hold_reason) AS hold_reason, max(c.dunning_level) AS dunning_level
    FROM claim c
    WHERE c.invoice_id = i.id
) owed ON true
LEFT JOIN LATERAL (
    SELECT m.state FROM message m
    WHERE m.kind = 'invoice' AND m.subject_id = i.id
    ORDER BY m.copy DESC LIMIT 1
) sent ON true
ORDER BY i.id DESC
LIMIT :size
