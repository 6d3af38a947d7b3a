-- Everything that is due to be charged on a day, with all that its price depends on. One row a membership.
CREATE TEMPORARY TABLE candidate ON COMMIT DROP AS
WITH rule_home AS MATERIALIZED (
    -- The nearest group at or above each group that bears price rules of its own.
    SELECT g.id AS group_id, g.creditor_id,
        (SELECT k.currency FROM creditor k WHERE k.id = g.creditor_id) AS currency,
        (SELECT h.id FROM groups h
         WHERE starts_with(g.path, h.path)
            AND (h.id IN (SELECT group_id FROM price_rule) OR h.id IN (SELECT group_id FROM discount))
         ORDER BY length(h.path) DESC LIMIT 1) AS rule_group_id
    FROM groups g
    WHERE g.path ^@ cast(:scope AS text)
)
SELECT m.id AS membership_id, m.person_id, coalesce(payer.payer_id, m.person_id) AS payer_id, m.group_id,
    m.type_id, m.charged_through AS charged_before, period.starts_on AS period_from,
    period.ends_on AS period_to,
    charged_part(period.starts_on, period.ends_on, t.calendar, t.term_months, t.proration, m.charged_through IS NULL)
        AS part,
    charged_whole(period.starts_on, t.calendar, t.term_months, t.proration, m.charged_through IS NULL) AS whole,
    CASE WHEN cardinality(cast(:segments AS bigint[])) = 0 THEN '{}' ELSE ARRAY(
        SELECT DISTINCT s.segment_id FROM person_segment s
        WHERE s.person_id = m.person_id AND s.segment_id = ANY (cast(:segments AS bigint[]))
            AND s.from_on <= period.starts_on AND (s.to_on IS NULL OR s.to_on >= period.starts_on)
        ORDER BY s.segment_id
    ) END AS segments,
    CASE WHEN cast(:by_income AS boolean) THEN (
        SELECT i.amount FROM person_income i
        WHERE i.person_id = m.person_id AND i.currency = home.currency
            AND i.from_on <= period.starts_on AND (i.to_on IS NULL OR i.to_on >= period.starts_on)
        ORDER BY i.from_on DESC LIMIT 1
    ) END AS income,
    home.creditor_id, home.rule_group_id,
    age.years AS age,
    coalesce(width_bucket(age.years, cast(:ages AS bigint[])), -1) AS age_bracket,
    width_bucket(period.starts_on, cast(:days AS date[])) AS day_bracket,
    m.status = 'applied' AND m.charged_through IS NOT NULL AS never_paid,
    member.deceased_on IS NOT NULL AS deceased
FROM membership m
JOIN membership_type t ON t.id = m.type_id
JOIN rule_home home ON home.group_id = m.group_id
JOIN person member ON member.id = m.person_id
LEFT JOIN LATERAL (
    SELECT p.payer_id FROM payer p
    WHERE p.person_id = m.person_id AND p.component_id IS NULL
        AND p.from_on <= cast(:on AS date) AND (p.to_on IS NULL OR p.to_on >= cast(:on AS date))
    ORDER BY p.from_on DESC LIMIT 1
) payer ON true
CROSS JOIN LATERAL (SELECT coalesce(m.charged_through + 1, m.joined_on) AS starts_on) begins
CROSS JOIN LATERAL (
    SELECT begins.starts_on,
        charged_end(begins.starts_on, m.joined_on, t.calendar, t.term_months, t.late_months, m.charged_through IS NULL)
            AS ends_on
) period
CROSS JOIN LATERAL (
    SELECT extract(year FROM age(age_day(period.starts_on, t.age_month, t.age_day), member.birth_date))::bigint AS years
) age
WHERE m.ended_on IS NULL
    AND m.status IN ('applied', 'active')
    -- What does not renew by itself is charged again where somebody chose it, which is to name it.
    AND (m.charged_through IS NULL OR t.renews OR cast(:memberships AS bigint[]) IS NOT NULL)
    AND period.starts_on - t.lead_days::int <= cast(:on AS date)
    AND (cast(:memberships AS bigint[]) IS NULL OR m.id = ANY(cast(:memberships AS bigint[])))
