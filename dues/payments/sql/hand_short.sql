-- Writes off the little that slips left open on claims of one creditor they were collected for, by its own rule.
WITH short AS MATERIALIZED (
    SELECT c.id AS claim_id, c.debtor_id, c.open_amount, max(handed.value_on) AS value_on
    FROM handed
    JOIN claim c ON c.id = handed.claim_id
    WHERE NOT handed.collects AND handed.creditor_id = :receiver AND c.ended IS NULL AND c.open_amount <= :tolerance
    GROUP BY c.id
),
settled AS (
    UPDATE claim SET open_amount = 0, ended = 'paid', ended_on = cast(:on AS date)
    FROM short
    WHERE claim.id = short.claim_id
)
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
    person_id)
SELECT :entry, cast(:differences AS bigint), cast(:receivable AS bigint), open_amount, :currency,
    cast(:books_on AS date), value_on, claim_id, debtor_id
FROM short
