-- Living memberships of some types in a part of the tree, counted by what their price depends on: type, currency,
-- nearest group that bears price rules, segments that some price asks for, and bracket of age (-1 where the birth
-- date is not known).
WITH home AS MATERIALIZED (
    SELECT g.id AS group_id, creditor.currency,
        (SELECT h.id FROM groups h
         WHERE starts_with(g.path, h.path) AND h.id = ANY (cast(:bearing AS bigint[]))
         ORDER BY length(h.path) DESC LIMIT 1) AS rule_group_id
    FROM groups g
    JOIN creditor ON creditor.id = g.creditor_id
    WHERE g.path ^@ cast(:scope AS text)
),
member AS (
    SELECT m.type_id, home.currency, home.rule_group_id,
        CASE WHEN cardinality(cast(:segments AS bigint[])) = 0 THEN '{}' ELSE ARRAY(
            SELECT DISTINCT s.segment_id FROM person_segment s
            WHERE s.person_id = m.person_id AND s.segment_id = ANY (cast(:segments AS bigint[]))
                AND s.from_on <= cast(:on AS date) AND (s.to_on IS NULL OR s.to_on >= cast(:on AS date))
            ORDER BY s.segment_id
        ) END AS segments,
        CASE WHEN cardinality(cast(:ages AS bigint[])) = 0 THEN 0
             ELSE coalesce(width_bucket(extract(year FROM age(age_day(cast(:on AS date), t.age_month, t.age_day),
                 person.birth_date))::bigint,
                 cast(:ages AS bigint[])), -1) END AS bracket
    FROM membership m
    JOIN membership_type t ON t.id = m.type_id
    JOIN home ON home.group_id = m.group_id
    LEFT JOIN person ON person.id = m.person_id AND cardinality(cast(:ages AS bigint[])) > 0
    WHERE m.ended_on IS NULL AND m.status IN ('applied', 'active', 'resting')
        AND m.type_id = ANY (cast(:types AS bigint[]))
)
SELECT type_id, currency, rule_group_id, bracket, segments, count(*) AS memberships
FROM member
GROUP BY type_id, currency, rule_group_id, bracket, segments
