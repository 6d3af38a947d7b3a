-- Takes back that too much was written off: it is the credit of whoever paid it, as it was before.
WITH used AS MATERIALIZED (
    SELECT nextval('credit_use_id_seq') AS id, u.id AS reverses_id, u.person_id, u.allocation_id, u.amount, u.currency
    FROM credit_use u
    WHERE u.id = ANY (cast(:uses AS bigint[]))
),
taken_back AS (
    INSERT INTO credit_use (id, creditor_id, person_id, kind, allocation_id, amount, currency, on_date, entry_id, actor,
        reverses_id)
    SELECT id, :creditor, person_id, 'difference', allocation_id, amount, currency, cast(:books_on AS date), :entry,
        :actor, reverses_id
    FROM used
),
raised AS (
    INSERT INTO credit (creditor_id, person_id, currency, balance)
    SELECT :creditor, person_id, currency, sum(amount)
    FROM used
    GROUP BY person_id, currency
    ORDER BY person_id
    ON CONFLICT (creditor_id, person_id, currency) DO UPDATE SET balance = credit.balance + excluded.balance
)
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, person_id)
SELECT :entry, cast(:differences AS bigint), cast(:credited AS bigint), amount, currency, cast(:books_on AS date),
    cast(:on AS date), person_id
FROM used
