-- Writes a slice of reminders. The claim is the gate: it was locked by the statement before (hold.sql) and is looked
-- at once more, so that money which came since the preview, a hold, or another run leaves it alone, with a reason.
WITH item AS MATERIALIZED (
    SELECT seq, claim_id, level FROM reminder_item
    WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready'
),
dunned AS (
    UPDATE claim c
    SET dunning_level = item.level, dunned_on = cast(:on AS date)
    FROM item, person debtor
    WHERE c.id = item.claim_id AND c.open_amount > 0 AND c.dunning_level = item.level - 1
        AND (c.held_until IS NULL OR c.held_until < cast(:on AS date))
        AND (c.deferred_to IS NULL OR c.deferred_to < cast(:on AS date))
        AND debtor.id = c.debtor_id AND debtor.deceased_on IS NULL
    RETURNING c.id, c.open_amount, c.currency, c.creditor_id, c.debtor_id, item.level, item.seq
),
written AS (
    INSERT INTO reminder (claim_id, level, issued_on, pay_by, amount, currency, run_id)
    SELECT dunned.id, dunned.level, cast(:on AS date), cast(:on AS date) + creditor.payment_days::int,
        dunned.open_amount, dunned.currency, :run
    FROM dunned
    JOIN creditor ON creditor.id = dunned.creditor_id
    RETURNING id, claim_id
),
messages AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language)
    SELECT 'reminder', written.id, debtor.id, told.way, CASE told.way WHEN 'sms' THEN debtor.phone ELSE debtor.email END,
        debtor.language
    FROM written
    JOIN dunned ON dunned.id = written.claim_id
    JOIN person debtor ON debtor.id = dunned.debtor_id
    JOIN creditor ON creditor.id = dunned.creditor_id
    CROSS JOIN LATERAL (SELECT way_to(debtor.email, debtor.phone, creditor.sms) AS way) told
),
spared AS (
    UPDATE reminder_item
    SET state = 'excluded',
        reason = CASE
            WHEN held.open_amount = 0 THEN 'settled since'
            WHEN held.dunning_level >= reminder_item.level THEN 'already reminded'
            WHEN held.held_until >= cast(:on AS date) THEN 'on hold'
            WHEN held.deferred_to >= cast(:on AS date) THEN 'deferred'
            ELSE 'deceased'
        END
    FROM claim held
    WHERE reminder_item.run_id = :run AND reminder_item.seq IN (SELECT seq FROM item EXCEPT SELECT seq FROM dunned)
        AND held.id = reminder_item.claim_id
)
SELECT count(*) FROM dunned
