-- What the next invoice of some memberships depends on, beside its price: their next stretch, who will pay on its day,
-- and whether they can be charged and reached. With :credited everything is as it will be after that invoice is
-- credited and its stretches may be charged again.
SELECT m.id, m.type_id, m.group_id, m.status, m.ended_on, t.names AS type_names, t.lead_days, t.renews,
    g.creditor_id, creditor.currency, charged.through AS charged_through, period.starts_on,
    period.ends_on,
    charged_part(period.starts_on, period.ends_on, t.calendar, t.term_months, t.proration, charged.through IS NULL)
        AS part,
    charged_whole(period.starts_on, t.calendar, t.term_months, t.proration, charged.through IS NULL) AS whole,
    cast(extract(year FROM age(age_day(period.starts_on, t.age_month, t.age_day), member.birth_date)) AS bigint) AS years,
    ARRAY(
        SELECT DISTINCT s.segment_id FROM person_segment s
        WHERE s.person_id = m.person_id
            AND s.from_on <= period.starts_on AND (s.to_on IS NULL OR s.to_on >= period.starts_on)
    ) AS segments,
    (SELECT i.amount FROM person_income i
     WHERE i.person_id = m.person_id AND i.currency = creditor.currency
        AND i.from_on <= period.starts_on AND (i.to_on IS NULL OR i.to_on >= period.starts_on)
     ORDER BY i.from_on DESC LIMIT 1) AS income,
    member.deceased_on IS NOT NULL OR payer.deceased_on IS NOT NULL AS deceased,
    way_to(payer.email, payer.phone, creditor.sms) <> 'print'
        OR NOT (payer.street = '' AND payer.postcode = '' OR payer.city = '') AS reachable,
    EXISTS (SELECT FROM bank_agreement a
            WHERE a.creditor_id = g.creditor_id AND a.preferred AND a.currency = creditor.currency) AS agreement
FROM membership m
JOIN membership_type t ON t.id = m.type_id
JOIN groups g ON g.id = m.group_id
JOIN person member ON member.id = m.person_id
LEFT JOIN creditor ON creditor.id = g.creditor_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN cast(:credited AS bigint) IS NULL THEN m.charged_through
                ELSE (SELECT max(f.to_on) FROM fee_period f
                      WHERE f.membership_id = m.id AND f.release = 0
                          AND (f.component_id, f.from_on) NOT IN (
                              SELECT l.component_id, l.period_from FROM invoice_line l
                              WHERE l.invoice_id = cast(:credited AS bigint) AND l.membership_id = m.id
                                  AND l.period_from IS NOT NULL))
           END AS through
) charged
CROSS JOIN LATERAL (SELECT coalesce(charged.through + 1, m.joined_on) AS starts_on) begins
CROSS JOIN LATERAL (
    SELECT begins.starts_on,
        charged_end(begins.starts_on, m.joined_on, t.calendar, t.term_months, t.late_months, charged.through IS NULL)
            AS ends_on
) period
LEFT JOIN LATERAL (
    SELECT p.payer_id FROM payer p
    WHERE p.person_id = m.person_id AND p.component_id IS NULL
        AND p.from_on <= greatest(period.starts_on - t.lead_days::int, cast(:on AS date))
        AND (p.to_on IS NULL OR p.to_on >= greatest(period.starts_on - t.lead_days::int, cast(:on AS date)))
    ORDER BY p.from_on DESC LIMIT 1
) pays ON true
-- Row security takes `coalesce` for a function that may leak, and would read all persons for it.
JOIN person payer ON payer.id = CASE WHEN pays.payer_id IS NULL THEN m.person_id ELSE pays.payer_id END
WHERE m.id = ANY (cast(:ids AS bigint[]))
ORDER BY m.id
