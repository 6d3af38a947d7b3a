-- Whether each invoice that was previewed would still be the same, as far as members and payers decide it: due, for the
-- same period, of the same price class, for the same payer, by the same way. The candidates were gathered just now.
SELECT NOT EXISTS (
    SELECT FROM invoice_item i
    JOIN price_class class ON class.run_id = :run AND class.number = i.class_number
    JOIN person payer ON payer.id = i.payer_id
    LEFT JOIN candidate c ON c.membership_id = i.membership_id
    WHERE i.run_id = :run AND i.state = 'ready'
        AND (
            (c.payer_id, c.group_id, c.creditor_id, c.type_id, c.period_from, c.period_to, c.age_bracket, c.day_bracket)
                IS DISTINCT FROM
            (i.payer_id, i.group_id, i.creditor_id, class.type_id, i.period_from, i.period_to, class.age_bracket,
                class.day_bracket)
            OR c.charged_before IS DISTINCT FROM i.charged_before
            OR c.rule_group_id IS DISTINCT FROM class.rule_group_id
            OR c.never_paid OR c.deceased OR payer.deceased_on IS NOT NULL
            OR CASE WHEN payer.email <> '' THEN 'email' ELSE 'print' END <> i.channel
            OR (payer.email = '' AND (payer.street = '' AND payer.postcode = '' OR payer.city = ''))
        )
)
