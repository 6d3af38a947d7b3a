-- What waits for a person, each thing counted up to :most: Today and the side of every page read the same row.
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
resting AS (
    SELECT uuid, state, business_day FROM run WHERE state IN ('ready', 'failed', 'paused') ORDER BY id LIMIT :most
),
unwritten AS (
    -- A row is mended once its membership has been charged after all; a later run that failed with it again counts.
    SELECT DISTINCT ON (i.membership_id) e.run_id
    FROM (SELECT run_id, item FROM run_error ORDER BY run_id DESC, item DESC LIMIT :most) e
    JOIN invoice_item i ON i.run_id = e.run_id AND i.seq = e.item
    JOIN membership m ON m.id = i.membership_id
    WHERE m.ended_on IS NULL AND m.charged_through IS NOT DISTINCT FROM i.charged_before
    ORDER BY i.membership_id, e.run_id DESC
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
    SELECT run.id, run.uuid, run.business_day, run.state, run.result
    FROM run
    WHERE params ->> 'memberships' IS NULL AND kind = 'invoices' AND actor = 'job:automatic'
        AND business_day <= cast(:on AS date)
    ORDER BY business_day DESC, id DESC
    LIMIT 1
),
left_out AS (
    SELECT sum(reason.value::bigint) AS members
    FROM night, jsonb_each_text(coalesce(night.result -> 'excluded', '{}')) reason
    WHERE night.state = 'done' AND reason.key = ANY(cast(:to_mend AS text[]))
),
stuck AS (
    -- Tried in vain and still waiting after the last of the pauses: the channel takes nothing at all.
    SELECT m.recorded_at
    FROM message m
    WHERE m.state IN ('queued', 'sending') AND m.error IS NOT NULL
        AND m.recorded_at < cast(:moment AS timestamptz) - interval '2 hours'
    ORDER BY m.id LIMIT :most
)
SELECT 'night' AS need, 1 AS count, business_day AS since, 0 AS part, NULL::uuid AS run
    FROM night WHERE business_day < cast(:on AS date)
UNION ALL
SELECT 'stuck', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), 0, NULL FROM stuck
UNION ALL
SELECT state, count(*), min(business_day), 0, CASE WHEN count(*) = 1 THEN (array_agg(uuid))[1] END
    FROM resting GROUP BY state
UNION ALL
SELECT 'refused', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), 0, NULL FROM refused
UNION ALL
SELECT 'silent', count(*), min(last_on), 0, NULL FROM silent
UNION ALL
SELECT 'queue', count(*), (SELECT booked_on FROM payment WHERE id = min(cases.payment_id)),
    count(*) FILTER (WHERE claim_id IS NOT NULL), NULL
    FROM cases
UNION ALL
SELECT 'left out', coalesce(members, 0), night.business_day, 0, night.uuid FROM left_out, night
UNION ALL
SELECT 'unwritten', count(*), NULL, count(DISTINCT run_id),
    CASE WHEN count(DISTINCT run_id) = 1 THEN (SELECT uuid FROM run WHERE id = min(unwritten.run_id)) END
    FROM unwritten
UNION ALL
SELECT 'undelivered', count(*), cast(min(recorded_at) AT TIME ZONE :zone AS date), 0, NULL FROM undelivered
UNION ALL
SELECT 'exhausted', coalesce(claims, 0), since, 0, NULL FROM exhausted
UNION ALL
SELECT 'unpaid', count(*), min(joined_on), 0, NULL FROM unpaid
