-- Where one rule points: claims, whether anything is open on them or not. `way` is how it is judged what fits; `asked`
-- how many references were given, `given` the amount that was given for this one, `open_amount` (null for what has
-- ended) and `due_on` are looked up afterwards.
CREATE TEMPORARY TABLE match_found (
    payment_id bigint, claim_id bigint, way text, weak boolean DEFAULT false, asked bigint, given bigint,
    evidence jsonb, open_amount bigint, due_on date
) ON COMMIT DROP
