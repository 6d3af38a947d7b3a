-- The preview: one row for each invoice that would be written, those left out last, each with its reason.
-- What costs nothing is 'free': it gets no invoice, but its fee periods are reserved as others are (see claim.sql); such
-- rows stand together behind those that are ready, so that slices are of the one or the other.
-- A candidate of which a charge exists for the very same stretch is not seen here: its day has moved on.
INSERT INTO invoice_item (run_id, seq, creditor_id, group_id, membership_id, person_id, payer_id, payee_id,
    class_number, charged_before, period_from, period_to, due_on, amount, currency, channel, state, reason, income,
    rule_id)
SELECT :run, row_number() OVER (ORDER BY judged.reason IS NOT NULL, judged.reason IS DISTINCT FROM 'free', judged.creditor_id, judged.membership_id),
    judged.creditor_id, judged.group_id, judged.membership_id, judged.person_id, judged.payer_id, judged.payee_id,
    judged.class_number, judged.charged_before, judged.period_from, judged.period_to, judged.due_on,
    judged.amount, judged.currency, judged.channel,
    CASE WHEN judged.reason IS NULL THEN 'ready' ELSE 'excluded' END, judged.reason, judged.told_income, judged.rule_id
FROM (
    SELECT c.*, coalesce(class.number, 0) AS class_number, coalesce(look.payee_id, payee.id) AS payee_id, creditor.currency,
        fee.amount,
        CASE WHEN class.by_income THEN c.income END AS told_income,
        cast(:on AS date) + creditor.payment_days::int AS due_on,
        CASE WHEN cast(:in_parts AS boolean) THEN (
            SELECT rule.id FROM instalment_rule rule
            WHERE rule.ended_at IS NULL AND rule.creditor_id = c.creditor_id AND rule.least <= fee.amount
                AND (rule.type_id IS NULL OR rule.type_id = c.type_id)
            ORDER BY rule.type_id IS NULL, rule.least DESC
            LIMIT 1
        ) END AS rule_id,
        way_to(payer.email, payer.phone, creditor.sms) AS channel,
        CASE
            WHEN c.deceased OR payer.deceased_on IS NOT NULL THEN 'deceased'
            WHEN c.creditor_id IS NULL THEN 'no creditor'
            WHEN c.never_paid THEN 'first invoice unpaid'
            WHEN class.reason IS NULL AND fee.amount = 0 THEN CASE
                WHEN EXISTS (SELECT FROM price_class_line l WHERE l.run_id = :run AND l.class_number = class.number)
                THEN 'free' ELSE 'zero amount' END
            WHEN payee.id IS NULL THEN 'no bank agreement'
            WHEN class.reason IS NOT NULL THEN class.reason
            WHEN way_to(payer.email, payer.phone, creditor.sms) = 'print' AND (payer.street = '' AND payer.postcode = '' OR payer.city = '') THEN 'no address'
        END AS reason
    FROM candidate c
    JOIN person payer ON payer.id = c.payer_id
    LEFT JOIN creditor ON creditor.id = c.creditor_id
    LEFT JOIN price_class class ON class.run_id = :run
        AND class.creditor_id = c.creditor_id AND class.type_id = c.type_id
        AND class.rule_group_id IS NOT DISTINCT FROM c.rule_group_id
        AND class.age_bracket = c.age_bracket AND class.day_bracket = c.day_bracket
        AND class.segments = c.segments AND class.part = c.part AND class.whole = c.whole
    CROSS JOIN LATERAL (
        SELECT CASE WHEN class.by_income AND c.income IS NOT NULL THEN (
            SELECT sum(line_fee(l.amount, c.income, l.formula))::bigint FROM price_class_line l
            WHERE l.run_id = :run AND l.class_number = class.number
        ) ELSE coalesce(class.amount, 0) END AS amount
        OFFSET 0
    ) fee
    LEFT JOIN payee ON payee.id = ANY(cast(:payees AS bigint[])) AND payee.creditor_id = c.creditor_id
    LEFT JOIN unnest(cast(:look_groups AS bigint[]), cast(:look_payees AS bigint[])) AS look (group_id, payee_id)
        ON look.group_id = c.group_id
) judged
