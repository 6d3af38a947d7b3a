-- Pays claims with the credit that was taken for them.
WITH settled AS (
    UPDATE claim SET open_amount = claim.open_amount - s.amount,
        ended = CASE WHEN claim.open_amount = s.amount THEN 'paid' END,
        ended_on = CASE WHEN claim.open_amount = s.amount THEN cast(:on AS date) END
    FROM spendable s
    WHERE claim.id = s.claim_id
),
used AS (
    INSERT INTO credit_use (creditor_id, person_id, kind, claim_id, amount, currency, on_date, entry_id, actor)
    SELECT :creditor, person_id, 'claim', claim_id, amount, :currency, cast(:books_on AS date), :entry, :actor
    FROM spendable
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
        person_id)
    SELECT :entry, cast(:credited AS bigint), cast(:receivable AS bigint), amount, :currency, cast(:books_on AS date),
        cast(:on AS date), claim_id, person_id
    FROM spendable
)
SELECT array_agg(DISTINCT invoice_id) AS invoices, count(*) AS claims FROM spendable
