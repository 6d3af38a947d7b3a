-- What the payments of a slice may mean, to be looked up: see match_tokens.py.
CREATE TEMPORARY TABLE match_token (
    payment_id bigint, sort text, value text, at integer, amount bigint, source text
) ON COMMIT DROP
