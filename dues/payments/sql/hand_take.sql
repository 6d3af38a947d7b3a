-- Takes what was set aside for one creditor into its books: a payment on the account of what the other collects, used for
-- the invoice that it pays, and counted on its day.
WITH came AS MATERIALIZED (
    SELECT * FROM handed WHERE NOT collects AND creditor_id = :receiver
),
stored AS (
    INSERT INTO payment (id, file_id, section_id, agreement_id, creditor_id, key, occurrence, kind, amount, currency,
        booked_on, value_on, message, payer_name, position)
    SELECT new_id, :brought, :section, :agreement, :receiver, 'slip:' || payment_id || ':' || invoice_id, 1, 'slip',
        amount, :currency, booked_on, value_on, '', payer_name, ''
    FROM came
    ORDER BY new_id
),
told AS (
    INSERT INTO handed_on (aside_id, payment_id, from_id, to_id, invoice_id, amount, currency, on_date)
    SELECT aside_id, new_id, :creditor, :receiver, invoice_id, amount, :currency, cast(:books_on AS date)
    FROM came
),
settled AS (
    UPDATE claim SET open_amount = claim.open_amount - part.amount,
        ended = CASE WHEN claim.open_amount = part.amount THEN 'paid' END,
        ended_on = CASE WHEN claim.open_amount = part.amount THEN cast(:on AS date) END
    FROM (SELECT claim_id, sum(amount) AS amount FROM came GROUP BY claim_id) part
    WHERE claim.id = part.claim_id
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, new_id, claim_id, debtor_id, amount, :currency, cast(:books_on AS date), :entry, :actor
    FROM came
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, cast(:due_from AS bigint), cast(:receivable AS bigint), amount, :currency,
        cast(:books_on AS date), value_on, claim_id, new_id, debtor_id
    FROM came
),
days AS (
    INSERT INTO payment_day (file_id, creditor_id, currency, booked_on, payments, received)
    SELECT :brought, :receiver, :currency, booked_on, count(*), sum(amount) FROM came GROUP BY booked_on
    ON CONFLICT (file_id, creditor_id, currency, booked_on) DO UPDATE
        SET payments = payment_day.payments + excluded.payments, received = payment_day.received + excluded.received
),
account_days AS (
    INSERT INTO account_day (file_id, agreement_id, booked_on, payments, amount)
    SELECT :brought, :agreement, booked_on, count(*), sum(amount) FROM came GROUP BY booked_on
    ON CONFLICT (file_id, agreement_id, booked_on) DO UPDATE
        SET payments = account_day.payments + excluded.payments, amount = account_day.amount + excluded.amount
),
receipts AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language)
    SELECT 'receipt', came.allocation_id, came.debtor_id, 'email', person.email, person.language
    FROM came
    JOIN person ON person.id = came.debtor_id
    WHERE person.email <> '' AND person.deceased_on IS NULL AND came.open_amount - came.amount <= :tolerance
)
SELECT count(*) AS payments FROM came
