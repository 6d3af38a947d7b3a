-- Each line for everybody who is to get it, once, whatever memberships they have; returns how many rows were wanted.
WITH who AS (
    SELECT cast(:person AS bigint) AS person_id WHERE cast(:person AS bigint) IS NOT NULL
    UNION
    SELECT m.person_id
    FROM membership m
    JOIN groups g ON g.id = m.group_id
    JOIN groups chosen ON chosen.id = cast(:group AS bigint)
    WHERE m.status = 'active'
        AND (g.id = chosen.id OR cast(:below AS boolean) AND starts_with(g.path, chosen.path))
        AND (cast(:type AS bigint) IS NULL OR m.type_id = cast(:type AS bigint))
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
