-- What waits for a person, each thing counted up to :most: Today and the side of every page read the same row. The rows
-- that a run left out are counted up to :items: the side needs no more than that there is one.
-- `since` is the day from which the oldest has waited, `part` how many of them are of the kind that their words name,
-- `run` the one run that is meant where it is only one.
WITH cases AS (
    SELECT payment_id, claim_id FROM payment_case WHERE closed_at IS NULL ORDER BY payment_id LIMIT :most
),
undelivered AS (
    SELECT m.id, m.recorded_at
    FROM message m
    WHERE m.state = 'failed' AND m.kind <> 'code'
        AND NOT EXISTS (SELECT FROM message again
                        WHERE again.kind = m.kind AND again.subject_id = m.subject_id AND again.copy > m.copy)
    ORDER BY m.id LIMIT :most
),
refused AS (
    SELECT f.id, f.recorded_at
    FROM bank_file f
    WHERE f.state = 'refused' AND f.recorded_at > cast(:moment AS timestamptz) - interval '30 days'
        AND NOT EXISTS (SELECT FROM bank_file later WHERE later.name = f.name AND later.id > f.id)
    ORDER BY f.id LIMIT :most
),
missing AS (
    SELECT recorded_at FROM bank_gap WHERE closed_at IS NULL LIMIT :most
),
unfetched AS (
    -- One visit that breaks off is no matter; one that keeps failing is, and so is a server that lets nobody in.
    SELECT coalesce(fetched_at, tried_at) AS since
    FROM bank_source
    WHERE active AND trouble IS NOT NULL
        AND (trouble NOT IN ('interrupted', 'unreachable')
             OR fetched_at IS NULL
             OR tried_at - fetched_at > 2 * every_minutes * interval '1 minute')
    ORDER BY id LIMIT :most
),
unrefunded AS (
    -- Back from the receiver's bank, refused by ours, or with its money taken back: it goes nowhere by itself.
    SELECT on_date FROM refund
    WHERE state = 'bounced' OR state = 'proposed' AND stopped = 'source returned'
    LIMIT :most
),
resting AS (
    SELECT uuid, state, business_day FROM run WHERE state IN ('ready', 'failed', 'paused') ORDER BY id LIMIT :most
),
to_mend AS (
    -- Rows to mend move on with the work: a later run over the same groups or more has looked at the same rows.
    SELECT run.id, run.uuid, run.kind, run.to_mend, run.business_day
    FROM run
    WHERE run.to_mend > 0
        AND NOT EXISTS (
            SELECT FROM run later
            WHERE later.id > run.id AND later.kind = run.kind AND later.state = 'done'
                AND later.params ->> 'memberships' IS NULL
                AND starts_with(coalesce(run.params ->> 'scope', ''), coalesce(later.params ->> 'scope', ''))
        )
    ORDER BY run.id DESC LIMIT :most
),
unwritten AS (
    -- And somebody who has been charged after all, or is a member no more, needs nothing.
    SELECT to_mend.uuid, to_mend.business_day, left_out.items
    FROM to_mend
    CROSS JOIN LATERAL (
        SELECT count(*) AS items
        FROM (
            SELECT
            FROM invoice_item i
            JOIN membership m ON m.id = i.membership_id
            WHERE i.run_id = to_mend.id AND i.state <> 'ready' AND i.reason <> ALL (cast(:as_it_should_be AS text[]))
                AND m.ended_on IS NULL AND m.charged_through IS NOT DISTINCT FROM i.charged_before
            LIMIT :items
        ) item
    ) left_out
    WHERE to_mend.kind = 'invoices' AND left_out.items > 0
),
unpaid AS (
    SELECT joined_on FROM membership
    WHERE status = 'applied' AND joined_on < cast(:on AS date) - cast(:patience AS integer)
    ORDER BY joined_on LIMIT :most
),
exhausted AS (
    SELECT sum(open.claims) AS claims, min(open.due_on) AS since
    FROM (
        SELECT creditor_id, due_on, level, reminded_on, sum(claims) AS claims
        FROM (
            SELECT creditor_id, due_on, level, reminded_on, claims FROM open_claims
            UNION ALL
            SELECT creditor_id, due_on, level, reminded_on, claims FROM open_claims_change
        ) part
        GROUP BY creditor_id, due_on, level, reminded_on
        HAVING sum(claims) > 0
    ) open
    JOIN creditor c ON c.id = open.creditor_id
    WHERE open.level >= c.max_reminders
        AND greatest(open.due_on, open.reminded_on + CASE WHEN open.level > 0 THEN c.payment_days::int ELSE 0 END)
            + c.reminder_days::int < cast(:on AS date)
),
silent AS (
    -- An account whose bank sent a file on at least four days, and now none for twice its longest pause.
    SELECT rhythm.last_on
    FROM bank_agreement a
    CROSS JOIN LATERAL (
        SELECT max(day) AS last_on, max(gap) AS longest, count(gap) AS gaps
        FROM (
            SELECT day, day - lag(day) OVER (ORDER BY day) AS gap
            FROM (
                SELECT DISTINCT run.business_day AS day
                FROM (SELECT file_id FROM bank_section WHERE agreement_id = a.id ORDER BY id DESC LIMIT 8) newest
                JOIN bank_file f ON f.id = newest.file_id
                JOIN run ON run.id = f.run_id
            ) came
        ) pause
    ) rhythm
    WHERE rhythm.gaps >= 3 AND cast(:on AS date) - rhythm.last_on > greatest(2 * rhythm.longest, 4)
    LIMIT :most
),
night AS (
    -- Not begun though it may: neither does it rest, nor is its hour still to come.
    SELECT newest.business_day
    FROM (
        SELECT business_day
        FROM run
        WHERE kind = 'invoices' AND actor = 'job:automatic' AND params ->> 'memberships' IS NULL
        ORDER BY id DESC
        LIMIT 1
    ) newest
    JOIN scheduled_task s ON s.task = 'invoices'
    WHERE newest.business_day < cast(:on AS date)
        AND NOT (s.paused AND (s.paused_until IS NULL OR s.paused_until > cast(:on AS date)))
        AND (s.earliest IS NULL OR s.earliest <= cast(cast(:moment AS timestamptz) AT TIME ZONE :zone AS time))
),
stuck AS (
    -- Tried in vain and still waiting after the last of the pauses: the channel takes nothing at all. Of text messages
    -- those that were never tried, too: without a gateway nobody takes them.
    SELECT m.recorded_at, m.channel
    FROM message m
    WHERE m.state IN ('queued', 'sending') AND (m.error IS NOT NULL OR m.channel = 'sms')
        AND m.recorded_at < cast(:moment AS timestamptz) - interval '2 hours'
    ORDER BY m.id LIMIT :most
)
SELECT 'night' AS need, 1 AS count, business_day AS since, 0 AS part, NULL::uuid AS run FROM night
UNION ALL
SELECT 'stuck', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), count(*) FILTER (WHERE channel = 'sms'),
    NULL
    FROM stuck
UNION ALL
SELECT state, count(*), min(business_day), 0, CASE WHEN count(*) = 1 THEN (array_agg(uuid))[1] END
    FROM resting GROUP BY state
UNION ALL
SELECT 'refused', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), 0, NULL FROM refused
UNION ALL
SELECT 'unfetched', count(*), cast(min(since) AT TIME ZONE :zone AS date), 0, NULL FROM unfetched
UNION ALL
SELECT 'missing', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), 0, NULL FROM missing
UNION ALL
SELECT 'silent', count(*), min(last_on), 0, NULL FROM silent
UNION ALL
SELECT 'unrefunded', count(*), min(on_date), 0, NULL FROM unrefunded
UNION ALL
SELECT 'queue', count(*), (SELECT booked_on FROM payment WHERE id = min(cases.payment_id)),
    count(*) FILTER (WHERE claim_id IS NOT NULL), NULL
    FROM cases
UNION ALL
SELECT 'unwritten', coalesce(sum(items), 0), min(business_day), count(*),
    CASE WHEN count(*) = 1 THEN (array_agg(uuid))[1] END
    FROM unwritten
UNION ALL
SELECT 'unreminded', coalesce(sum(to_mend), 0), min(business_day), count(*),
    CASE WHEN count(*) = 1 THEN (array_agg(uuid))[1] END
    FROM to_mend WHERE kind = 'reminders'
UNION ALL
SELECT 'undelivered', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), 0, NULL FROM undelivered
UNION ALL
SELECT 'exhausted', coalesce(claims, 0), since, 0, NULL FROM exhausted
UNION ALL
SELECT 'unpaid', count(*), min(joined_on), 0, NULL FROM unpaid
