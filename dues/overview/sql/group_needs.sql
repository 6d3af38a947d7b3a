-- What is to be known of a group and those below it, by kind and currency: how many, minor units, and since when.
-- `owed` is what members owe now, `ahead` what of it is not due yet, `charged` and `paid` what was charged since
-- :from_day and what of it is paid.
WITH here AS MATERIALIZED (
    SELECT id FROM groups WHERE path ^@ cast(:scope AS text)
),
owed AS MATERIALIZED (
    SELECT c.due_on, c.open_amount, c.currency
    FROM claim c
    JOIN invoice i ON i.id = c.invoice_id
    WHERE i.group_id IN (SELECT id FROM here) AND c.ended IS NULL
),
charged AS MATERIALIZED (
    SELECT c.amount, c.open_amount, c.currency
    FROM claim c
    JOIN invoice i ON i.id = c.invoice_id
    WHERE i.group_id IN (SELECT id FROM here) AND i.issued_on >= cast(:from_day AS date)
        AND (c.ended IS NULL OR c.ended = 'paid')
)
SELECT 'open' AS need, currency, count(*) AS things, cast(sum(open_amount) AS bigint) AS amount, min(due_on) AS since
FROM owed
GROUP BY currency
UNION ALL
SELECT 'ahead', currency, count(*), cast(sum(open_amount) AS bigint), min(due_on)
FROM owed
WHERE due_on >= cast(:on AS date)
GROUP BY currency
UNION ALL
SELECT 'overdue', currency, count(*), cast(sum(open_amount) AS bigint), min(due_on)
FROM owed
WHERE due_on < cast(:on AS date)
GROUP BY currency
UNION ALL
SELECT 'charged', currency, count(*), cast(sum(amount) AS bigint), NULL FROM charged GROUP BY currency
UNION ALL
SELECT 'paid', currency, count(*) FILTER (WHERE open_amount = 0), cast(sum(amount - open_amount) AS bigint), NULL
FROM charged
GROUP BY currency
UNION ALL
SELECT 'undelivered', '', count(DISTINCT i.id), 0, min(i.issued_on)
FROM message m
JOIN invoice i ON i.id = m.subject_id
WHERE m.state = 'failed' AND m.kind = 'invoice' AND i.group_id IN (SELECT id FROM here)
    AND NOT EXISTS (SELECT FROM message again
                    WHERE again.kind = m.kind AND again.subject_id = m.subject_id AND again.copy > m.copy)
UNION ALL
SELECT 'queue', c.currency, count(*), cast(sum(k.unallocated) AS bigint), NULL
FROM payment_case k
JOIN creditor c ON c.id = k.creditor_id
WHERE k.closed_at IS NULL AND c.group_id IN (SELECT id FROM here)
GROUP BY c.currency
UNION ALL
SELECT 'preview', '', count(*), 0, min(business_day)
FROM run
WHERE kind = 'invoices' AND state = 'ready' AND params ->> 'scope' ^@ cast(:scope AS text)
    AND params ->> 'memberships' IS NULL
UNION ALL
SELECT 'failed', '', count(*), 0, min(business_day)
FROM run
WHERE kind = 'invoices' AND state = 'failed' AND params ->> 'scope' ^@ cast(:scope AS text)
    AND params ->> 'memberships' IS NULL
UNION ALL
-- Changed accounts that wait for a second person.
SELECT 'account', '', count(*), 0, NULL
FROM approval
WHERE kind = 'account' AND state = 'waiting' AND group_id IN (SELECT id FROM here)
UNION ALL
SELECT 'new', '', count(*), 0, min(joined_on)
FROM membership
WHERE group_id IN (SELECT id FROM here) AND ended_on IS NULL AND recorded_at > cast(:moment AS timestamptz)
    AND joined_on >= cast(:joined_from AS date)
UNION ALL
SELECT 'members', '', count(*), 0, min(joined_on)
FROM membership
WHERE group_id IN (SELECT id FROM here) AND ended_on IS NULL
