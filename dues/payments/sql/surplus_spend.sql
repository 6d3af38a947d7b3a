-- Spends what came beyond claims as the creditor's rule says: a little on the account of differences, the rest as
-- refunds that are proposed, or as gifts to a fund. Where the payer's account is one that money goes to, so does it.
WITH spent AS MATERIALIZED (
    SELECT s.*, nextval('credit_use_id_seq') AS use_id,
        CASE WHEN s.becomes = 'refund' THEN nextval('refund_id_seq') END AS refund_id,
        CASE WHEN s.becomes = 'gift' THEN nextval('gift_id_seq') END AS gift_id
    FROM surplus s
    WHERE s.beyond > 0 AND s.becomes IN ('difference', 'refund', 'gift')
),
refunded AS (
    INSERT INTO refund (id, creditor_id, person_id, amount, currency, name, scheme, number, reason, on_date, actor)
    SELECT told.id, :creditor, told.debtor_id, told.beyond, told.currency, told.name, told.scheme,
        CASE WHEN told.scheme IS NOT NULL THEN told.payer_account END, '', cast(:on AS date), :actor
    FROM (
        SELECT s.refund_id AS id, s.debtor_id, s.beyond, s.currency, p.payer_account,
            coalesce(nullif(p.payer_name, ''), trim(concat_ws(' ', d.given_name, d.family_name)))
                AS name,
            CASE
                WHEN p.payer_account ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' THEN 'IBAN'
                WHEN s.currency = 'EUR' THEN NULL
                WHEN cast(:country AS text) = 'SE' AND p.payer_account ~ '^[0-9]{7,8}$' THEN 'BGNR'
                WHEN cast(:country AS text) = 'NO' AND p.payer_account ~ '^[0-9]{11}$' THEN 'NO'
            END AS scheme
        FROM spent s
        JOIN payment p ON p.id = s.payment_id
        JOIN person d ON d.id = s.debtor_id
        WHERE s.becomes = 'refund'
    ) told
),
given AS (
    INSERT INTO gift (id, creditor_id, fund_id, person_id, payment_id, amount, currency, on_date, actor)
    SELECT gift_id, :creditor, fund_id, debtor_id, payment_id, beyond, currency, cast(:books_on AS date), :actor
    FROM spent
    WHERE becomes = 'gift'
),
used AS (
    INSERT INTO credit_use (id, creditor_id, person_id, kind, refund_id, gift_id, allocation_id, amount, currency,
        on_date, entry_id, actor)
    SELECT use_id, :creditor, debtor_id, becomes, refund_id, gift_id, kept_id, beyond, currency,
        cast(:books_on AS date), :entry, :actor
    FROM spent
)
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, person_id)
SELECT :entry, cast(:credited AS bigint),
    CASE becomes WHEN 'difference' THEN cast(:differences AS bigint) WHEN 'refund' THEN cast(:refunds AS bigint)
        ELSE (SELECT f.account_id FROM fund f WHERE f.id = fund_id) END,
    beyond, currency, cast(:books_on AS date), value_on, debtor_id
FROM spent
