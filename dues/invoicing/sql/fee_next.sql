-- The next stretches of some memberships, as renewals would charge them one after the other, each with all that its
-- price depends on. :counts says how many of each.
WITH RECURSIVE stretch AS (
    SELECT m.id, 1 AS nth, w.count, m.charged_through AS before, begins.starts_on,
        charged_end(begins.starts_on, m.joined_on, t.calendar, t.term_months, t.late_months, m.charged_through IS NULL)
            AS ends_on
    FROM unnest(cast(:ids AS bigint[]), cast(:counts AS bigint[])) AS w (id, count)
    JOIN membership m ON m.id = w.id
    JOIN membership_type t ON t.id = m.type_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN m.charged_through IS NULL THEN m.joined_on ELSE m.charged_through + 1 END AS starts_on
    ) begins
    UNION ALL
    SELECT s.id, s.nth + 1, s.count, s.ends_on, s.ends_on + 1,
        charged_end(s.ends_on + 1, m.joined_on, t.calendar, t.term_months, t.late_months, false)
    FROM stretch s
    JOIN membership m ON m.id = s.id
    JOIN membership_type t ON t.id = m.type_id
    WHERE s.nth < s.count
)
SELECT s.id, s.nth, s.before, s.starts_on, s.ends_on, m.person_id, m.type_id, m.group_id, t.covered_by,
    charged_part(s.starts_on, s.ends_on, t.calendar, t.term_months, t.proration, s.before IS NULL) AS part,
    charged_whole(s.starts_on, t.calendar, t.term_months, t.proration, s.before IS NULL) AS whole,
    cast(extract(year FROM age(age_day(s.starts_on, t.age_month, t.age_day), member.birth_date)) AS bigint) AS years,
    ARRAY(
        SELECT DISTINCT p.segment_id FROM person_segment p
        WHERE p.person_id = m.person_id AND p.from_on <= s.starts_on AND (p.to_on IS NULL OR p.to_on >= s.starts_on)
    ) AS segments,
    (SELECT i.amount FROM person_income i
     WHERE i.person_id = m.person_id AND i.currency = cast(:currency AS text)
        AND i.from_on <= s.starts_on AND (i.to_on IS NULL OR i.to_on >= s.starts_on)
     ORDER BY i.from_on DESC LIMIT 1) AS income,
    m.ended_on IS NULL AND m.status IN ('applied', 'active') AS goes_on,
    m.status = 'applied' AND m.charged_through IS NOT NULL AS never_paid
FROM stretch s
JOIN membership m ON m.id = s.id
JOIN membership_type t ON t.id = m.type_id
JOIN person member ON member.id = m.person_id
ORDER BY s.id, s.nth
