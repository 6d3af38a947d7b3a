-- What happened to a person, an invoice or a payment (whichever of :person, :invoice and :payment is given), newest
-- first. Each arm is an indexed read and says: what, on which business day, when it was recorded, the order among
-- what was recorded together, its own id, how much, who caused it, and what else there is to tell.
WITH mine AS MATERIALIZED (
    SELECT i.id, i.uuid, i.kind, coalesce(i.printed, i.number::text) AS number, i.issued_on, i.amount, i.currency,
        i.run_id, i.credits_id, i.withdraws, i.replaces_id, i.recorded_at
    FROM invoice i
    WHERE i.id = cast(:invoice AS bigint) OR i.credits_id = cast(:invoice AS bigint)
    UNION
    -- Who pays for thousands has thousands: what happened to the newest of them is told.
    SELECT i.id, i.uuid, i.kind, coalesce(i.printed, i.number::text) AS number, i.issued_on, i.amount, i.currency,
        i.run_id, i.credits_id, i.withdraws, i.replaces_id, i.recorded_at
    FROM (SELECT * FROM invoice WHERE payer_id = cast(:person AS bigint) ORDER BY id DESC LIMIT :most) i
    UNION
    SELECT i.id, i.uuid, i.kind, coalesce(i.printed, i.number::text) AS number, i.issued_on, i.amount, i.currency,
        i.run_id, i.credits_id, i.withdraws, i.replaces_id, i.recorded_at
    FROM invoice i
    WHERE i.id IN (SELECT l.invoice_id FROM invoice_line l
                   WHERE l.person_id = cast(:person AS bigint) AND l.member_name <> '')
),
owed AS MATERIALIZED (
    SELECT c.id, c.creditor_id, mine.uuid, mine.number
    FROM mine
    JOIN claim c ON c.invoice_id = mine.id
),
used AS MATERIALIZED (
    SELECT a.id, a.payment_id, a.claim_id, a.amount, a.currency, a.on_date, a.entry_id, a.actor, a.reverses_id,
        a.moved_from_id, a.recorded_at
    FROM owed
    JOIN allocation a ON a.claim_id = owed.id
    UNION
    SELECT a.id, a.payment_id, a.claim_id, a.amount, a.currency, a.on_date, a.entry_id, a.actor, a.reverses_id,
        a.moved_from_id, a.recorded_at
    FROM allocation a
    WHERE a.person_id = cast(:person AS bigint) AND a.claim_id IS NULL
    UNION
    SELECT a.id, a.payment_id, a.claim_id, a.amount, a.currency, a.on_date, a.entry_id, a.actor, a.reverses_id,
        a.moved_from_id, a.recorded_at
    FROM allocation a
    WHERE a.payment_id = cast(:payment AS bigint)
),
credited AS MATERIALIZED (
    SELECT u.* FROM owed JOIN credit_use u ON u.claim_id = owed.id
    UNION
    SELECT u.* FROM credit_use u WHERE u.person_id = cast(:person AS bigint)
),
exchanged AS MATERIALIZED (
    SELECT e.* FROM owed JOIN exchange e ON e.claim_id = owed.id
    UNION
    SELECT e.* FROM exchange e WHERE e.payment_id = cast(:payment AS bigint)
),
happened AS (
    SELECT CASE WHEN row_number() OVER (PARTITION BY s.membership_id ORDER BY s.id) = 1 THEN 'joined'
                ELSE 'status' END AS kind,
        s.from_on AS day, s.recorded_at AS at,
        CASE WHEN row_number() OVER (PARTITION BY s.membership_id ORDER BY s.id) = 1 THEN 1 ELSE 9 END AS rank, s.id,
        cast(NULL AS bigint) AS amount, cast(NULL AS text) AS currency, s.actor,
        jsonb_build_object('type_names', t.names, 'group', g.name, 'status', s.status) AS told
    FROM membership m
    JOIN membership_status s ON s.membership_id = m.id
    JOIN membership_type t ON t.id = m.type_id
    JOIN groups g ON g.id = m.group_id
    WHERE m.person_id = cast(:person AS bigint)
    UNION ALL
    SELECT CASE WHEN mine.kind = 'invoice' THEN 'issued' ELSE 'credited' END, mine.issued_on, mine.recorded_at, 2,
        mine.id, mine.amount, mine.currency, coalesce(run.actor, entry.actor),
        jsonb_build_object('invoice', mine.uuid, 'number', mine.number, 'run', run.uuid,
            'credits', coalesce(original.printed, original.number::text), 'withdraws', mine.withdraws,
            'partly', mine.amount < original.amount, 'replaces', coalesce(before.printed, before.number::text),
            'system', elsewhere.system)
    FROM mine
    LEFT JOIN run ON run.id = mine.run_id
    LEFT JOIN entry ON mine.run_id IS NULL AND entry.key = mine.kind || ':' || mine.id
    LEFT JOIN invoice original ON original.id = mine.credits_id
    LEFT JOIN invoice before ON before.id = mine.replaces_id
    LEFT JOIN elsewhere ON elsewhere.invoice_id = mine.id
    UNION ALL
    SELECT 'message',
        CASE WHEN m.sent_at IS NULL AND m.copy = 0 THEN mine.issued_on
             ELSE greatest(mine.issued_on, cast(coalesce(m.sent_at, m.recorded_at) AT TIME ZONE :zone AS date)) END,
        coalesce(m.sent_at, m.recorded_at), 3, m.id, NULL, NULL, m.actor,
        jsonb_build_object('about', mine.kind, 'invoice', mine.uuid, 'number', mine.number, 'channel', m.channel,
            'address', m.address, 'state', m.state, 'error', m.error)
    FROM mine
    JOIN message m ON m.kind = 'invoice' AND m.subject_id = mine.id
    UNION ALL
    SELECT 'reminder', r.issued_on, r.recorded_at, 4, r.id, r.amount, r.currency, run.actor,
        jsonb_build_object('invoice', owed.uuid, 'number', owed.number, 'level', r.level, 'pay_by', r.pay_by,
            'run', run.uuid, 'channel', m.channel, 'address', m.address, 'state', m.state, 'error', m.error)
    FROM owed
    JOIN reminder r ON r.claim_id = owed.id
    LEFT JOIN run ON run.id = r.run_id
    LEFT JOIN message m ON m.kind = 'reminder' AND m.subject_id = r.id AND m.copy = 0
    UNION ALL
    SELECT 'received', p.booked_on, p.recorded_at, 5, p.id, p.amount, p.currency, f.actor,
        jsonb_build_object('payment', p.id, 'payer_name', p.payer_name, 'file', f.uuid, 'file_name', f.name)
    FROM payment p
    JOIN bank_file f ON f.id = p.file_id
    WHERE p.id = cast(:payment AS bigint)
    UNION ALL
    SELECT 'waiting', p.booked_on, pc.recorded_at, 6, p.id, pc.unallocated, p.currency, f.actor,
        jsonb_build_object('payment', p.id, 'payer_name', p.payer_name, 'invoice', owed.uuid, 'number', owed.number,
            'file', f.uuid, 'file_name', f.name, 'case_reason', pc.reason)
    FROM owed
    JOIN payment_case pc ON pc.claim_id = owed.id AND pc.closed_at IS NULL
    JOIN payment p ON p.id = pc.payment_id
    JOIN bank_file f ON f.id = p.file_id
    UNION ALL
    SELECT CASE WHEN used.reverses_id IS NOT NULL AND e.event = 'returned' THEN 'returned'
                WHEN used.reverses_id IS NOT NULL THEN 'taken back'
                WHEN used.claim_id IS NULL THEN 'kept'
                WHEN e.event = 'payment' THEN 'matched'
                ELSE 'allocated' END,
        used.on_date, used.recorded_at, 7, used.id,
        CASE WHEN used.reverses_id IS NULL THEN used.amount ELSE -used.amount END, used.currency, used.actor,
        jsonb_build_object('payment', p.id, 'payer_name', p.payer_name, 'came_on', p.booked_on, 'file', f.uuid,
            'file_name', f.name, 'invoice', i.uuid, 'number', coalesce(i.printed, i.number::text),
            'moved', other.id IS NOT NULL, 'other_number', coalesce(oi.printed, oi.number::text),
            'other_name', ltrim(op.given_name || ' ' || op.family_name))
    FROM used
    JOIN entry e ON e.id = used.entry_id
    JOIN payment p ON p.id = used.payment_id
    JOIN bank_file f ON f.id = p.file_id
    LEFT JOIN claim c ON c.id = used.claim_id
    LEFT JOIN invoice i ON i.id = c.invoice_id
    -- Of what was moved, the other end: where it came from, or (of what was taken back for that) where it went.
    LEFT JOIN LATERAL (
        SELECT a.id, a.claim_id, a.person_id FROM allocation a
        WHERE a.id = used.moved_from_id
        UNION ALL
        SELECT a.id, a.claim_id, a.person_id FROM allocation a
        WHERE a.moved_from_id = used.reverses_id
        ORDER BY 1 LIMIT 1
    ) other ON true
    LEFT JOIN claim oc ON oc.id = other.claim_id
    LEFT JOIN invoice oi ON oi.id = oc.invoice_id
    LEFT JOIN person op ON op.id = other.person_id AND other.claim_id IS NULL
    UNION ALL
    SELECT CASE WHEN s.reverses_id IS NULL THEN 'set aside' ELSE 'brought back' END, s.on_date, s.recorded_at, 11, s.id,
        CASE WHEN s.reverses_id IS NULL THEN s.amount ELSE -s.amount END, s.currency, s.actor,
        jsonb_build_object('payment', s.payment_id, 'payer_name', s.payer_name, 'purpose', s.purpose, 'note', s.reason)
    FROM payment_aside s
    WHERE s.payment_id = cast(:payment AS bigint)
    UNION ALL
    SELECT CASE WHEN u.reverses_id IS NULL THEN 'credit used' ELSE 'credit back' END, u.on_date, u.recorded_at, 12, u.id,
        CASE WHEN u.reverses_id IS NULL THEN u.amount ELSE -u.amount END, u.currency, u.actor,
        jsonb_build_object('credit_kind', u.kind, 'invoice', i.uuid, 'number', coalesce(i.printed, i.number::text),
            'refund', r.uuid)
    FROM credited u
    LEFT JOIN claim c ON c.id = u.claim_id
    LEFT JOIN invoice i ON i.id = c.invoice_id
    LEFT JOIN refund r ON r.id = u.refund_id
    UNION ALL
    SELECT CASE WHEN x.back THEN 'exchange back' ELSE 'exchanged' END, n.on_date, n.recorded_at, 13, n.id,
        CASE WHEN x.back THEN -e.settled ELSE e.settled END, e.claim_currency, n.actor,
        jsonb_build_object('payment', e.payment_id, 'payer_name', p.payer_name, 'came_on', p.booked_on,
            'invoice', i.uuid, 'number', coalesce(i.printed, i.number::text), 'gave', e.amount,
            'gave_currency', e.currency)
    FROM exchanged e
    CROSS JOIN LATERAL (VALUES (e.entry_id, false), (e.taken_back_id, true)) x(entry_id, back)
    JOIN entry n ON n.id = x.entry_id
    JOIN payment p ON p.id = e.payment_id
    LEFT JOIN claim c ON c.id = e.claim_id
    LEFT JOIN invoice i ON i.id = c.invoice_id
    UNION ALL
    SELECT CASE WHEN rp.kind = 'source' AND rp.amount > 0 THEN 'sent back' WHEN rp.kind = 'source' THEN 'refund undone'
                WHEN rp.kind = 'paid' THEN 'refund paid' ELSE 'refund bounced' END,
        rp.on_date, rp.recorded_at, 14, rp.id, rp.amount, rp.currency, rp.actor,
        jsonb_build_object('refund', r.uuid, 'other_name', r.name)
    FROM refund_payment rp
    JOIN refund r ON r.id = rp.refund_id
    WHERE rp.payment_id = cast(:payment AS bigint)
    UNION ALL
    SELECT 'message',
        CASE WHEN m.sent_at IS NULL THEN used.on_date
             ELSE greatest(used.on_date, cast(m.sent_at AT TIME ZONE :zone AS date)) END,
        coalesce(m.sent_at, m.recorded_at), 8, m.id, NULL, NULL, m.actor,
        jsonb_build_object('about', m.kind, 'payment', used.payment_id, 'channel', m.channel,
            'address', m.address, 'state', m.state, 'error', m.error)
    FROM used
    JOIN message m ON m.kind IN ('receipt', 'returned') AND m.subject_id = used.id
    UNION ALL
    SELECT CASE WHEN h.until IS NULL THEN 'released' ELSE 'held' END, h.on_date, h.recorded_at, 10, h.id, NULL, NULL,
        h.actor, jsonb_build_object('invoice', owed.uuid, 'number', owed.number, 'reason', h.reason, 'until', h.until,
            'note', h.note)
    FROM owed
    JOIN claim_hold h ON h.claim_id = owed.id
)
SELECT kind, day, at, rank, id, amount, currency, actor, told
FROM happened
WHERE kind = ANY (cast(:kinds AS text[]))
    AND (cast(:day AS date) IS NULL
         OR (day, at, rank, id) < (cast(:day AS date), cast(:at AS timestamptz), cast(:rank AS int), cast(:id AS bigint)))
ORDER BY day DESC, at DESC, rank DESC, id DESC
LIMIT :size
