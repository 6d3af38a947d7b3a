-- How many memberships of a group and those below it began and ended in each month since :from_day.
WITH here AS MATERIALIZED (
    SELECT id FROM groups WHERE path ^@ cast(:scope AS text)
),
moved AS (
    SELECT joined_on AS day, 1 AS came, 0 AS went
    FROM membership
    WHERE group_id IN (SELECT id FROM here) AND joined_on >= cast(:from_day AS date)
    UNION ALL
    SELECT ended_on, 0, 1
    FROM membership
    WHERE group_id IN (SELECT id FROM here) AND ended_on >= cast(:from_day AS date)
)
SELECT cast(date_trunc('month', day) AS date) AS month, sum(came) AS came, sum(went) AS went
FROM moved
WHERE day <= cast(:on AS date)
GROUP BY month
