-- Each line for everybody who is to get it, once, whatever memberships they have in whichever of the chosen groups;
-- returns how many rows were wanted.
WITH within AS MATERIALIZED (
    SELECT DISTINCT g.id
    FROM groups chosen
    JOIN groups g ON g.id = chosen.id OR cast(:below AS boolean) AND starts_with(g.path, chosen.path)
    WHERE chosen.id = ANY(cast(:groups AS bigint[]))
),
who AS (
    SELECT cast(:person AS bigint) AS person_id WHERE cast(:person AS bigint) IS NOT NULL
    UNION
    SELECT m.person_id
    FROM membership m
    JOIN within ON within.id = m.group_id
    JOIN person p ON p.id = m.person_id
    WHERE (cast(:status AS text) IS NULL OR m.status = cast(:status AS text))
        AND (cast(:type AS bigint) IS NULL OR m.type_id = cast(:type AS bigint))
        AND (cast(:paid_before AS date) IS NULL OR m.paid_through < cast(:paid_before AS date))
        AND (cast(:paid_after AS date) IS NULL OR m.paid_through > cast(:paid_after AS date))
        AND (cast(:country AS text) = '' OR p.country = cast(:country AS text))
        AND (cast(:with_email AS boolean) IS NULL OR (p.email <> '') = cast(:with_email AS boolean))
        AND (cast(:age_from AS int) IS NULL
            OR extract(year FROM age(cast(:on AS date), p.birth_date)) >= cast(:age_from AS int))
        AND (cast(:age_to AS int) IS NULL
            OR extract(year FROM age(cast(:on AS date), p.birth_date)) <= cast(:age_to AS int))
        AND (cast(:segment AS bigint) IS NULL OR EXISTS (
            SELECT FROM person_segment s
            WHERE s.person_id = p.id AND s.segment_id = cast(:segment AS bigint)
                AND s.from_on <= cast(:on AS date) AND (s.to_on IS NULL OR s.to_on >= cast(:on AS date))
        ))
),
line AS (
    SELECT * FROM unnest(
        cast(:texts AS bigint[]), cast(:products AS bigint[]), cast(:quantities AS numeric[]),
        cast(:prices AS bigint[]), cast(:accounts AS bigint[])
    ) WITH ORDINALITY AS l (text_id, product_id, quantity, unit_price, account_id, place)
),
wanted AS (
    INSERT INTO charge_wanted (place, person_id, group_id, product_id, text_id, quantity, unit_price, account_id)
    SELECT who.person_id * 100 + line.place, who.person_id, cast(:sender AS bigint), line.product_id, line.text_id,
        line.quantity, line.unit_price, line.account_id
    FROM who CROSS JOIN line
    RETURNING 1
)
SELECT count(*) FROM wanted
