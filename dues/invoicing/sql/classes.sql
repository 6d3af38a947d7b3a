-- The distinct price classes of the candidates, each with an example age and day to be priced at.
INSERT INTO price_class (run_id, number, creditor_id, type_id, rule_group_id, age_bracket, day_bracket, age,
    starts_on, segments, part, whole, currency)
SELECT :run, row_number() OVER (), c.creditor_id, c.type_id, c.rule_group_id, c.age_bracket, c.day_bracket,
    min(c.age), min(c.period_from), c.segments, c.part, c.whole, creditor.currency
FROM candidate c
JOIN creditor ON creditor.id = c.creditor_id
GROUP BY c.creditor_id, c.type_id, c.rule_group_id, c.age_bracket, c.day_bracket, c.segments, c.part, c.whole,
    creditor.currency
