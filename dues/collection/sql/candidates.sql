-- The preview of a reminder run: every claim past its day and the creditor's days, and why some are left alone.
INSERT INTO reminder_item (run_id, seq, claim_id, creditor_id, level, amount, currency, channel, state, reason)
SELECT :run, row_number() OVER (ORDER BY judged.reason IS NOT NULL, judged.creditor_id, judged.id), judged.id,
    judged.creditor_id, judged.dunning_level + 1, judged.open_amount, judged.currency, judged.channel,
    CASE WHEN judged.reason IS NULL THEN 'ready' ELSE 'excluded' END, judged.reason
FROM (
    SELECT c.*,
        way_to(debtor.email, debtor.phone, creditor.sms) AS channel,
        CASE
            WHEN debtor.deceased_on IS NOT NULL THEN 'deceased'
            WHEN c.held_until >= cast(:on AS date) THEN 'on hold'
            WHEN creditor.max_reminders = 0 THEN 'creditor sends no reminders'
            WHEN way_to(debtor.email, debtor.phone, creditor.sms) = 'print' AND (debtor.street = '' AND debtor.postcode = '' OR debtor.city = '')
                THEN 'no address'
        END AS reason
    FROM claim c
    JOIN creditor ON creditor.id = c.creditor_id
    JOIN person debtor ON debtor.id = c.debtor_id
    WHERE c.open_amount > 0
        AND c.due_on < cast(:on AS date)
        AND c.dunning_level < greatest(creditor.max_reminders, 1)
        AND greatest(coalesce(c.deferred_to, c.due_on), coalesce(c.dunned_on + creditor.payment_days::int, c.due_on))
            + creditor.reminder_days::int < cast(:on AS date)
) judged
