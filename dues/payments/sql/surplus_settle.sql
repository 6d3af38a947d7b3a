-- Settles the claims that were set aside, and closes their cases; money beyond them is its debtor's credit for now.
WITH settled AS (
    UPDATE claim SET open_amount = 0, ended = 'paid', ended_on = cast(:on AS date)
    FROM surplus
    WHERE claim.id = surplus.claim_id
),
closed AS (
    UPDATE payment_case SET unallocated = 0, closed_at = now(), closed_by = :actor
    FROM surplus
    WHERE payment_case.payment_id = surplus.payment_id
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, payment_id, claim_id, debtor_id, used, currency, cast(:books_on AS date), :entry, :actor
    FROM surplus
),
kept AS (
    INSERT INTO allocation (id, payment_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT kept_id, payment_id, debtor_id, beyond, currency, cast(:books_on AS date), :entry, :actor
    FROM surplus
    WHERE beyond > 0
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, cast(:unidentified AS bigint), cast(:receivable AS bigint), used, currency,
        cast(:books_on AS date), value_on, claim_id, payment_id, debtor_id
    FROM surplus
    UNION ALL
    SELECT :entry, cast(:unidentified AS bigint), cast(:credited AS bigint), beyond, currency,
        cast(:books_on AS date), value_on, NULL, payment_id, debtor_id
    FROM surplus
    WHERE beyond > 0
),
raised AS (
    INSERT INTO credit (creditor_id, person_id, currency, balance)
    SELECT :creditor, debtor_id, currency, sum(beyond)
    FROM surplus
    WHERE becomes = 'credit'
    GROUP BY debtor_id, currency
    ON CONFLICT (creditor_id, person_id, currency) DO UPDATE SET balance = credit.balance + excluded.balance
)
SELECT count(*) AS settled, min(allocation_id) AS wrote_from, max(allocation_id) AS wrote_to,
    array_agg(DISTINCT invoice_id) AS invoices, count(*) FILTER (WHERE beyond < 0) AS short,
    count(*) FILTER (WHERE becomes IN ('difference', 'refund', 'gift') AND beyond > 0) AS spent
FROM surplus
