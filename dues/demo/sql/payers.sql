-- A parent pays for each child, from the day it joined.
INSERT INTO payer (person_id, payer_id, from_on)
SELECT child.id, parent.id, s.joined_on
FROM demo_person child
JOIN demo_person parent ON parent.i = child.home
JOIN demo_stretch s ON s.person_id = child.id
WHERE child.child
ORDER BY child.id
