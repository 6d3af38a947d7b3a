-- Shares a payment out as its list says, in one statement: each person's sum goes to their open claims, the oldest first,
-- and what they do not need is their credit. The claims are held.
WITH wanted AS MATERIALIZED (
    SELECT person_id, sum(amount)::bigint AS amount
    FROM deduction_line
    WHERE payment_id = :payment AND person_id IS NOT NULL AND amount > 0
    GROUP BY person_id
),
owed AS MATERIALIZED (
    SELECT k.id AS claim_id, k.invoice_id, k.debtor_id, k.open_amount, w.amount
            - coalesce(sum(k.open_amount) OVER (
                PARTITION BY k.debtor_id ORDER BY k.due_on, k.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0) AS still
    FROM claim k
    JOIN wanted w ON w.person_id = k.debtor_id
    WHERE k.creditor_id = :creditor AND k.currency = :currency AND k.ended IS NULL
),
spread AS MATERIALIZED (
    SELECT claim_id, invoice_id, debtor_id, open_amount, least(open_amount, still)::bigint AS used
    FROM owed
    WHERE still > 0
),
settled AS (
    UPDATE claim SET open_amount = claim.open_amount - spread.used,
        ended = CASE WHEN spread.used = spread.open_amount THEN 'paid' END,
        ended_on = CASE WHEN spread.used = spread.open_amount THEN cast(:on AS date) END
    FROM spread
    WHERE claim.id = spread.claim_id
    RETURNING claim.id
),
parts AS MATERIALIZED (
    SELECT nextval('allocation_id_seq') AS allocation_id, part.*
    FROM (
        SELECT claim_id, debtor_id AS person_id, used AS amount FROM spread
        UNION ALL
        SELECT NULL, w.person_id, w.amount - coalesce(s.used, 0)
        FROM wanted w
        LEFT JOIN (SELECT debtor_id, sum(used)::bigint AS used FROM spread GROUP BY debtor_id) s
            ON s.debtor_id = w.person_id
        WHERE w.amount > coalesce(s.used, 0)
    ) part
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, :payment, claim_id, person_id, amount, :currency, cast(:books_on AS date), :entry, :actor
    FROM parts
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, cast(:unidentified AS bigint),
        CASE WHEN claim_id IS NULL THEN cast(:account AS bigint) ELSE cast(:receivable AS bigint) END, amount, :currency,
        cast(:books_on AS date), cast(:day AS date), claim_id, :payment, person_id
    FROM parts
),
credited AS (
    INSERT INTO credit (creditor_id, person_id, currency, balance)
    SELECT :creditor, person_id, :currency, amount FROM parts WHERE claim_id IS NULL
    ON CONFLICT (creditor_id, person_id, currency) DO UPDATE SET balance = credit.balance + excluded.balance
)
SELECT count(DISTINCT person_id) AS people, coalesce(sum(amount), 0)::bigint AS amount, min(allocation_id) AS first,
    max(allocation_id) AS last,
    (SELECT array_agg(DISTINCT invoice_id) FROM spread WHERE used = open_amount) AS invoices,
    (SELECT count(*) FROM settled) AS claims
FROM parts
