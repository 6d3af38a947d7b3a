-- Lays out what is to be looked up.
INSERT INTO match_token (payment_id, sort, value, at, amount, source)
SELECT *
FROM unnest(cast(:payments AS bigint[]), cast(:sorts AS text[]), cast(:words AS text[]), cast(:places AS integer[]),
    cast(:amounts AS bigint[]), cast(:sources AS text[]))
