-- Who is a member, of which branch, whether a child, and of which household: children two to a household, which a
-- parent who is no member heads; everyone else is a household of their own. Exactly :due of them are due soon.
CREATE TEMPORARY TABLE demo_member ON COMMIT DROP AS
SELECT drawn.i, drawn.branch, drawn.child, drawn.due,
    CASE WHEN drawn.child
        THEN cast(:members AS bigint) + drawn.branch
            + 4 * ((row_number() OVER (PARTITION BY drawn.branch, drawn.child ORDER BY drawn.i) + 1) / 2)
        ELSE drawn.i
    END AS home
FROM (
    SELECT i, b.branch, pg_temp.draw(i, 1, 100) < 20 AS child,
        row_number() OVER (ORDER BY pg_temp.draw(i, 2, 1 << 40), i) <= cast(:due AS bigint) AS due
    FROM generate_series(1, cast(:members AS bigint)) i
    JOIN demo_branch b ON i % 20 BETWEEN b.first AND b.last
) drawn
