-- What the rules have found: `amount` of a payment is for a claim that had `open_amount` open, for certain or with a
-- doubt. `place` is that of the rule in the creditor's order.
CREATE TEMPORARY TABLE match_hit (
    payment_id bigint, claim_id bigint, rule text, place integer, amount bigint, open_amount bigint, certain boolean,
    doubt text, evidence jsonb
) ON COMMIT DROP
