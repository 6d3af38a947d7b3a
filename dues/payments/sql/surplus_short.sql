-- Writes off the little that payments of a slice left open on claims.
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
    person_id)
SELECT :entry, cast(:differences AS bigint), cast(:receivable AS bigint), -beyond, currency, cast(:books_on AS date),
    value_on, claim_id, debtor_id
FROM surplus
WHERE beyond < 0
