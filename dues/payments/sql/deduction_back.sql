-- Takes a stretch of a payment's allocations back in one statement, those that still hold: claims are open again, credit
-- falls. What cannot be taken back is counted as stuck, and then the whole is undone by whoever asked.
WITH held AS MATERIALIZED (
    SELECT a.id, a.claim_id, a.person_id, a.amount
    FROM allocation a
    WHERE a.payment_id = :payment AND a.id BETWEEN :first AND :last AND a.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM allocation undo WHERE undo.reverses_id = a.id)
),
reopened AS (
    UPDATE claim SET open_amount = claim.open_amount + held.amount, ended = NULL, ended_on = NULL
    FROM held
    WHERE claim.id = held.claim_id AND (claim.ended IS NULL OR claim.ended = 'paid')
        AND held.amount <= claim.amount - claim.credited_amount - claim.open_amount
    RETURNING held.id, claim.invoice_id
),
lowered AS (
    UPDATE credit SET balance = credit.balance - held.amount
    FROM held
    WHERE held.claim_id IS NULL AND credit.creditor_id = :creditor AND credit.person_id = held.person_id
        AND credit.currency = :currency AND credit.balance >= held.amount
    RETURNING held.id
),
back AS MATERIALIZED (
    SELECT held.*, nextval('allocation_id_seq') AS allocation_id
    FROM held
    WHERE id IN (SELECT id FROM reopened UNION ALL SELECT id FROM lowered)
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor, reverses_id)
    SELECT allocation_id, :payment, claim_id, person_id, amount, :currency, cast(:books_on AS date), :entry, :actor, id
    FROM back
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, CASE WHEN claim_id IS NULL THEN cast(:account AS bigint) ELSE cast(:receivable AS bigint) END,
        cast(:unidentified AS bigint), amount, :currency, cast(:books_on AS date), cast(:day AS date), claim_id, :payment,
        person_id
    FROM back
)
SELECT count(*) AS taken, (SELECT count(*) FROM held) - count(*) AS stuck, coalesce(sum(amount), 0)::bigint AS amount,
    (SELECT array_agg(DISTINCT invoice_id) FROM reopened) AS invoices
FROM back
