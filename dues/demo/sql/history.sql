-- Everyone applied on the day they joined and became active when they had paid, within three weeks.
INSERT INTO membership_status (membership_id, from_on, status, actor)
SELECT s.membership_id, step.from_on, step.status, 'job:demo'
FROM demo_stretch s
CROSS JOIN LATERAL (
    VALUES (s.joined_on, 'applied'),
        (least(s.joined_on + pg_temp.draw(s.i, 22, 21)::int, cast(:today AS date)), 'active')
) step (from_on, status)
ORDER BY s.membership_id, step.status DESC
