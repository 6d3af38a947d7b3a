-- The year each membership is paid for. `next_on` is the first day of the next one: for those due, from today to
-- thirty days on, so that their invoice (thirty days ahead) is due now and none is overdue; for the others later than
-- anything a run of the next days could reach. A day that not every year has is nobody's.
CREATE TEMPORARY TABLE demo_stretch ON COMMIT DROP AS
SELECT nextval('membership_id_seq') AS membership_id, stretch.*
FROM (
    SELECT p.i, p.id AS person_id, g.group_id,
        CASE WHEN kind.supports THEN b.supporter WHEN p.age < 26 THEN b.youth
             WHEN p.age BETWEEN 30 AND 60 AND pg_temp.draw(p.i, 24, 40) = 0 THEN b.professional
             ELSE b.adult END AS type_id,
        begun.from_on,
        CASE WHEN kind.supports THEN cast(:today AS date) - 400 - pg_temp.draw(p.i, 18, 5000)::int
             ELSE (begun.from_on - make_interval(years => pg_temp.draw(p.i, 19, least(20, p.age - 4))::int))::date
        END AS joined_on,
        CASE WHEN kind.supports THEN kind.year_end ELSE moved.next_on - 1 END AS to_on
    FROM demo_person p
    JOIN demo_branch b ON b.branch = p.branch
    JOIN demo_group g ON g.branch = p.branch AND g.n = p.local
    CROSS JOIN LATERAL (
        SELECT NOT p.due AND p.age >= 35 AND pg_temp.draw(p.i, 20, 100) < 6 AS supports,
            make_date(extract(year FROM cast(:today AS date) + 32)::int, 12, 31) AS year_end,
            cast(:today AS date) + CASE WHEN p.due THEN 0 ELSE 33 END AS earliest,
            pg_temp.draw(p.i, 21, CASE WHEN p.due THEN 31 ELSE 333 END)::int AS days
    ) kind
    CROSS JOIN LATERAL (
        SELECT kind.earliest + kind.days + CASE
            WHEN to_char(kind.earliest + kind.days, 'MMDD') <> '0229' THEN 0
            WHEN kind.days = 0 THEN 1
            ELSE -1
        END AS next_on
    ) moved
    CROSS JOIN LATERAL (
        SELECT CASE WHEN kind.supports THEN date_trunc('year', kind.year_end)::date
                    ELSE (moved.next_on - interval '12 months')::date
        END AS from_on
    ) begun
    WHERE p.member
    ORDER BY p.i
) stretch
