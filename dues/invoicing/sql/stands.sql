-- Whether every invoice that was previewed, and all that was free, would still be the same, as far as members and payers decide it: due, for the
-- same period, of the same price class, for the same payer, by the same way. The candidates were gathered just now.
SELECT (SELECT count(*) FROM invoice_item WHERE run_id = :run AND (state = 'ready' OR reason = 'free')) = (
    SELECT count(*)
    FROM candidate c
    JOIN invoice_item i ON i.run_id = :run AND i.membership_id = c.membership_id
        AND (i.state = 'ready' OR i.reason = 'free')
    JOIN price_class class ON class.run_id = :run AND class.number = i.class_number
    JOIN person payer ON payer.id = i.payer_id
    JOIN creditor ON creditor.id = i.creditor_id
    WHERE (c.payer_id, c.group_id, c.creditor_id, c.type_id, c.period_from, c.period_to, c.age_bracket, c.day_bracket)
            = (i.payer_id, i.group_id, i.creditor_id, class.type_id, i.period_from, i.period_to, class.age_bracket,
                class.day_bracket)
        AND c.charged_before IS NOT DISTINCT FROM i.charged_before
        AND c.rule_group_id IS NOT DISTINCT FROM class.rule_group_id
        AND (c.segments, c.part, c.whole) = (class.segments, class.part, class.whole)
        AND i.income IS NOT DISTINCT FROM CASE WHEN class.by_income THEN c.income END
        AND NOT c.never_paid AND NOT c.deceased AND payer.deceased_on IS NULL
        AND (i.reason = 'free' OR way_to(payer.email, payer.phone, creditor.sms) = i.channel
            AND NOT (i.channel = 'print' AND (payer.street = '' AND payer.postcode = '' OR payer.city = '')))
)
