-- Books what payments pay of the collecting creditor's own invoices, and sets the rest aside for the others: owed to them.
WITH settled AS (
    UPDATE claim SET open_amount = claim.open_amount - part.amount,
        ended = CASE WHEN claim.open_amount = part.amount THEN 'paid' END,
        ended_on = CASE WHEN claim.open_amount = part.amount THEN cast(:on AS date) END
    FROM (SELECT claim_id, sum(amount) AS amount FROM handed WHERE collects GROUP BY claim_id) part
    WHERE claim.id = part.claim_id
),
closed AS (
    UPDATE payment_case k SET unallocated = k.unallocated - part.amount,
        closed_at = CASE WHEN k.unallocated = part.amount THEN now() END,
        closed_by = CASE WHEN k.unallocated = part.amount THEN cast(:actor AS text) END
    FROM (SELECT payment_id, sum(amount) AS amount FROM handed GROUP BY payment_id) part
    WHERE k.payment_id = part.payment_id
    RETURNING k.closed_at
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, payment_id, claim_id, debtor_id, amount, :currency, cast(:books_on AS date), :entry, :actor
    FROM handed
    WHERE collects
),
aside AS (
    INSERT INTO payment_aside (id, payment_id, creditor_id, purpose, amount, currency, account_id, reason, on_date,
        entry_id, actor)
    SELECT aside_id, payment_id, :creditor, 'handed on', amount, :currency, cast(:owed AS bigint), k.name,
        cast(:books_on AS date), :entry, :actor
    FROM handed
    JOIN creditor k ON k.id = handed.creditor_id
    WHERE NOT collects
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, cast(:unidentified AS bigint),
        CASE WHEN collects THEN cast(:receivable AS bigint) ELSE cast(:owed AS bigint) END, amount, :currency,
        cast(:books_on AS date), value_on, CASE WHEN collects THEN claim_id END, payment_id,
        CASE WHEN collects THEN debtor_id END
    FROM handed
)
SELECT (SELECT count(closed_at) FROM closed) AS settled, min(allocation_id) FILTER (WHERE collects) AS wrote_from,
    max(allocation_id) FILTER (WHERE collects) AS wrote_to, array_agg(DISTINCT invoice_id) AS invoices
FROM handed
