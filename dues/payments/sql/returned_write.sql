-- Books returns of one creditor, currency and day: what the payments that they return were used for is taken back, claims
-- are open again, credit is gone, and what had no use yet meets the return where both stand. Of a fee on top, what has
-- an account of its own is a cost; the rest of it stays in the return's case. All of it is locked and judged before.
WITH pair AS MATERIALIZED (
    SELECT r.id AS return_id, o.id AS original_id, p.found_by, r.value_on, r.currency, o.amount,
        CASE WHEN cast(:cost AS bigint) IS NULL THEN 0 ELSE -r.amount - o.amount END AS fee,
        coalesce(k.unallocated, 0) AS met
    FROM unnest(cast(:returns AS bigint[]), cast(:originals AS bigint[]), cast(:found_by AS text[]))
        p(return_id, original_id, found_by)
    JOIN payment r ON r.id = p.return_id
    JOIN payment o ON o.id = p.original_id
    LEFT JOIN payment_case k ON k.payment_id = o.id
),
used AS MATERIALIZED (
    SELECT nextval('allocation_id_seq') AS id, a.id AS reverses_id, pair.return_id, pair.value_on, a.claim_id,
        a.person_id, a.amount, a.currency
    FROM pair
    JOIN allocation a ON a.payment_id = pair.original_id AND a.reverses_id IS NULL
    WHERE NOT EXISTS (SELECT FROM allocation back WHERE back.reverses_id = a.id)
),
taken_back AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor,
        reverses_id)
    SELECT id, return_id, claim_id, person_id, amount, currency, cast(:books_on AS date), :entry, :actor, reverses_id
    FROM used
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, CASE WHEN claim_id IS NULL THEN cast(:credit AS bigint) ELSE cast(:receivable AS bigint) END,
        cast(:unidentified AS bigint), amount, currency, cast(:books_on AS date), value_on, claim_id, return_id,
        person_id
    FROM used
    UNION ALL
    SELECT :entry, cast(:cost AS bigint), cast(:unidentified AS bigint), fee, currency, cast(:books_on AS date),
        value_on, NULL, return_id, NULL
    FROM pair
    WHERE fee > 0
),
opened AS (
    UPDATE claim SET open_amount = claim.open_amount + part.amount, ended = NULL, ended_on = NULL,
        keeps_cover = claim.keeps_cover OR :keeps
    FROM (SELECT claim_id, sum(amount) AS amount FROM used WHERE claim_id IS NOT NULL GROUP BY claim_id) part
    WHERE claim.id = part.claim_id
    RETURNING claim.invoice_id
),
gone AS (
    UPDATE credit SET balance = credit.balance - part.amount
    FROM (
        SELECT person_id, currency, sum(amount) AS amount FROM used WHERE claim_id IS NULL GROUP BY person_id, currency
    ) part
    WHERE credit.creditor_id = :creditor AND credit.person_id = part.person_id AND credit.currency = part.currency
),
closed AS (
    UPDATE payment_case k
    SET unallocated = k.unallocated + part.amount,
        closed_at = CASE WHEN k.unallocated + part.amount = 0 THEN now() END,
        closed_by = CASE WHEN k.unallocated + part.amount = 0 THEN cast(:actor AS text) END
    FROM (
        SELECT return_id AS payment_id, amount + fee AS amount FROM pair
        UNION ALL
        SELECT original_id, -met FROM pair WHERE met > 0
    ) part
    WHERE k.payment_id = part.payment_id
),
remembered AS (
    INSERT INTO payment_return (payment_id, original_id, creditor_id, found_by, met, fee, keeps_cover, entry_id, on_date,
        actor, reason)
    SELECT return_id, original_id, :creditor, found_by, met, fee, :keeps, cast(:entry AS bigint),
        cast(:books_on AS date), :actor, cast(:why AS text)
    FROM pair
)
SELECT array_agg(DISTINCT invoice_id) AS invoices FROM opened
