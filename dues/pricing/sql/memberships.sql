-- Living memberships of some types in a part of the tree, counted by what their price depends on: type, currency,
-- nearest group that bears price rules, and bracket of age on a day (-1 where the birth date is not known).
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
        CASE WHEN cardinality(cast(:ages AS bigint[])) = 0 THEN 0
             ELSE coalesce(width_bucket(extract(year FROM age(cast(:on AS date), person.birth_date))::bigint,
                 cast(:ages AS bigint[])), -1) END AS bracket
    FROM membership m
    JOIN home ON home.group_id = m.group_id
    LEFT JOIN person ON person.id = m.person_id AND cardinality(cast(:ages AS bigint[])) > 0
    WHERE m.ended_on IS NULL AND m.status IN ('applied', 'active', 'resting')
        AND m.type_id = ANY (cast(:types AS bigint[]))
)
SELECT type_id, currency, rule_group_id, bracket, count(*) AS memberships
FROM member
GROUP BY type_id, currency, rule_group_id, bracket
