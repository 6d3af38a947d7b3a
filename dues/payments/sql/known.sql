-- The payments of a file that came in an earlier one: they are not stored, but count as the first of their kind.
CREATE TEMPORARY TABLE known (
    agreement_id bigint, key text, ordinal bigint, PRIMARY KEY (agreement_id, key, ordinal)
) ON COMMIT DROP
