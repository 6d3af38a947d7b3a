-- Writes out the groups that staff may see by their grants, for one of them or (null) for all. Several grants that
-- reach a group are one row: from the earliest day to the latest. Grants for the whole organisation are not written out.
WITH wanted AS (
    SELECT g.staff_id, below.id AS group_id, min(g.from_on) AS from_on,
        nullif(max(coalesce(g.to_on, 'infinity')), 'infinity') AS to_on
    FROM staff_grant g
    JOIN groups top ON top.id = g.group_id
    JOIN groups below ON below.path ^@ top.path
    WHERE (cast(:staff AS bigint) IS NULL OR g.staff_id = cast(:staff AS bigint))
        AND (g.to_on IS NULL OR g.to_on >= g.from_on)
    GROUP BY g.staff_id, below.id
),
gone AS (
    DELETE FROM scope s
    WHERE (cast(:staff AS bigint) IS NULL OR s.staff_id = cast(:staff AS bigint))
        AND NOT EXISTS (SELECT FROM wanted w WHERE w.staff_id = s.staff_id AND w.group_id = s.group_id)
)
INSERT INTO scope (staff_id, group_id, from_on, to_on)
SELECT staff_id, group_id, from_on, to_on FROM wanted
ON CONFLICT (staff_id, group_id) DO UPDATE SET from_on = excluded.from_on, to_on = excluded.to_on
WHERE (scope.from_on, scope.to_on) IS DISTINCT FROM (excluded.from_on, excluded.to_on)
