-- Every person with what is drawn for them: members, and the parents who pay for children. What a household has in
-- common is drawn from the household.
CREATE TEMPORARY TABLE demo_person ON COMMIT DROP AS
SELECT nextval('person_id_seq') AS id, who.*,
    pg_temp.draw(who.i, 3, b.given) AS given,
    pg_temp.draw(who.home, 4, b.family) AS family,
    pg_temp.draw(who.home, 5, b.streets) AS street,
    -- The square makes some groups large and many small.
    floor(b.groups * (pg_temp.draw(who.home, 6, 1000000) / 1e6) ^ 2)::bigint AS local
FROM (
    SELECT m.i, m.branch, m.home, m.child, m.due, true AS member,
        CASE WHEN m.child THEN 5 + pg_temp.draw(m.i, 7, 13)
             ELSE 18 + (pg_temp.draw(m.i, 7, 73) + pg_temp.draw(m.i, 8, 73)) / 2
        END AS age
    FROM demo_member m
    UNION ALL
    SELECT parent.home, parent.branch, parent.home, false, false, false, 28 + pg_temp.draw(parent.home, 7, 25)
    FROM (SELECT DISTINCT home, branch FROM demo_member WHERE child) parent
    ORDER BY 1
) who
JOIN demo_branch b ON b.branch = who.branch
ORDER BY who.i
