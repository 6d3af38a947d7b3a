-- Of whom prices ask more than their age: one in seven takes the magazine at home, and of those whose fee follows their
-- income, nine in ten have told it.
WITH subscribers AS (
    INSERT INTO person_segment (person_id, segment_id, from_on)
    SELECT p.id, b.subscriber, min(s.joined_on)
    FROM demo_stretch s
    JOIN demo_person p ON p.i = s.i
    JOIN demo_branch b ON b.branch = p.branch
    WHERE pg_temp.draw(s.i, 23, 100) < 15
    GROUP BY p.id, b.subscriber
)
INSERT INTO person_income (person_id, currency, from_on, amount)
SELECT s.person_id, k.currency, s.joined_on, 100 * (180000 + 1000 * pg_temp.draw(s.i, 25, 420))
FROM demo_stretch s
JOIN demo_person p ON p.i = s.i
JOIN demo_branch b ON b.branch = p.branch AND b.professional = s.type_id
JOIN groups g ON g.id = s.group_id
JOIN creditor k ON k.id = g.creditor_id
WHERE pg_temp.draw(s.i, 26, 100) < 90
