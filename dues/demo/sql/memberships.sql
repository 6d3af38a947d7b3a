-- Paid through as far as charged, as `demo_stretch` says.
INSERT INTO membership (id, person_id, type_id, group_id, status, joined_on, charged_through, paid_through)
SELECT membership_id, person_id, type_id, group_id, 'active', joined_on, to_on, to_on
FROM demo_stretch
ORDER BY membership_id
