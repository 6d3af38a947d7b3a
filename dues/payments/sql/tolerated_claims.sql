-- Takes back that too little was written off: claims are open by that again.
WITH short AS MATERIALIZED (
    SELECT claim_id, person_id, amount
    FROM unnest(cast(:claims AS bigint[]), cast(:persons AS bigint[]), cast(:amounts AS bigint[]))
        s(claim_id, person_id, amount)
),
opened AS (
    UPDATE claim SET open_amount = claim.open_amount + short.amount, ended = NULL, ended_on = NULL
    FROM short
    WHERE claim.id = short.claim_id
)
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
    person_id)
SELECT :entry, cast(:receivable AS bigint), cast(:differences AS bigint), amount, cast(:currency AS text),
    cast(:books_on AS date), cast(:on AS date), claim_id, person_id
FROM short
