-- The preview: one row for each invoice that would be written, those left out last, each with its reason.
INSERT INTO charge_item (run_id, seq, creditor_id, group_id, person_id, payer_id, payee_id, due_on, amount, currency,
    channel, state, reason)
SELECT :run, row_number() OVER (ORDER BY judged.reason IS NOT NULL, judged.creditor_id, judged.place),
    judged.creditor_id, judged.group_id, judged.person_id, judged.payer_id, judged.payee_id, judged.due_on,
    -- Of what is too much, no more is shown than a bigint holds.
    least(greatest(judged.amount, -9e18), 9e18)::bigint, judged.currency, judged.channel,
    CASE WHEN judged.reason IS NULL THEN 'ready' ELSE 'excluded' END, judged.reason
FROM (
    SELECT bill.place, bill.group_id, bill.creditor_id, bill.currency, bill.person_id, bill.due_on, bill.amount,
        payer.id AS payer_id, coalesce(look.payee_id, payee.id) AS payee_id,
        way_to(payer.email, payer.phone, creditor.sms) AS channel,
        CASE
            WHEN member.deceased_on IS NOT NULL OR payer.deceased_on IS NOT NULL THEN 'deceased'
            WHEN bill.creditor_id IS NULL THEN 'no creditor'
            WHEN payee.id IS NULL THEN 'no bank agreement'
            WHEN bill.reason IS NOT NULL THEN bill.reason
            WHEN bill.unbookable THEN 'no posting rule'
            WHEN bill.lines > cast(:most_lines AS bigint) THEN 'too many lines'
            WHEN bill.turnover > cast(:most AS bigint) THEN 'too much'
            WHEN bill.amount = 0 THEN 'zero amount'
            WHEN bill.amount < 0 THEN 'less than zero'
            WHEN bill.due_on < cast(:on AS date) THEN 'due day has passed'
            WHEN way_to(payer.email, payer.phone, creditor.sms) = 'print'
                AND (payer.street = '' AND payer.postcode = '' OR payer.city = '') THEN 'no address'
        END AS reason
    FROM (
        SELECT group_id, creditor_id, currency, person_id, due_on, min(place) AS place, count(*) AS lines,
            sum(amount) AS amount, sum(abs(amount)) AS turnover, min(reason) AS reason,
            bool_or(debit_account_id IS NULL OR account_id IS NULL) AS unbookable
        FROM charge_priced
        GROUP BY group_id, creditor_id, currency, person_id, due_on
    ) bill
    JOIN person member ON member.id = bill.person_id
    LEFT JOIN LATERAL (
        SELECT p.payer_id FROM payer p
        WHERE p.person_id = bill.person_id AND p.component_id IS NULL
            AND p.from_on <= cast(:on AS date) AND (p.to_on IS NULL OR p.to_on >= cast(:on AS date))
        ORDER BY p.from_on DESC LIMIT 1
    ) pays ON true
    JOIN person payer ON payer.id = coalesce(pays.payer_id, bill.person_id)
    LEFT JOIN creditor ON creditor.id = bill.creditor_id
    LEFT JOIN payee ON payee.id = ANY(cast(:payees AS bigint[])) AND payee.creditor_id = bill.creditor_id
    LEFT JOIN unnest(cast(:look_groups AS bigint[]), cast(:look_payees AS bigint[])) AS look (group_id, payee_id)
        ON look.group_id = bill.group_id
) judged
