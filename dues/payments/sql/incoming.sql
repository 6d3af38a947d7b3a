-- A block of a file's payments as they are read, until they are compared with what came before.
CREATE TEMPORARY TABLE incoming (
    ordinal bigint, section integer, agreement_id bigint, creditor_id bigint, key text, kind text, amount bigint,
    currency text, booked_on date, value_on date, reference text, "references" jsonb, message text, payer_name text,
    payer_account text, end_to_end_id text, return_reason text, originals jsonb, charges bigint,
    exchanged jsonb, position text
) ON COMMIT DROP
