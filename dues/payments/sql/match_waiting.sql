-- The payments of a slice whose owner is looked for. `lost` are those whose reference, if they have one, says nothing;
-- `knows` is the last payment that may have taught us anything, and `done` are those that were found.
CREATE TEMPORARY TABLE match_waiting (
    payment_id bigint PRIMARY KEY, amount bigint, currency text, reference text, end_to_end_id text,
    payer_account text, lost boolean, knows bigint, done boolean DEFAULT false
) ON COMMIT DROP
