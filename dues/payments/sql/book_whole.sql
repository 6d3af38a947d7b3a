-- Books the payments of a slice that mean an invoice in parts as a whole: they fall on the parts that are open, the oldest
-- first, then the next. What is more than all of them have open becomes a case. The claims are locked already
-- (hold_whole.sql), so that they are what this statement reads.
WITH came AS MATERIALIZED (
    SELECT p.id, p.agreement_id, p.amount, p.currency, p.value_on, p.reference, p.kind, r.claim_id, c.invoice_id,
        (SELECT a.bank_account_id FROM bank_agreement a WHERE a.id = p.agreement_id) AS bank_account_id,
        sum(came.brought) OVER (PARTITION BY c.invoice_id ORDER BY p.id) - came.brought AS begins
    FROM payment p
    JOIN payment_reference r ON r.creditor_id = p.creditor_id AND r.value = p.reference AND r.whole
    JOIN claim c ON c.id = r.claim_id
    CROSS JOIN LATERAL (SELECT CASE WHEN p.kind = 'return' THEN 0 ELSE greatest(p.amount, 0) END AS brought) came
    WHERE p.file_id = :file AND p.id BETWEEN :first AND :last AND p.creditor_id = :creditor AND p.currency = :currency
),
owed AS MATERIALIZED (
    SELECT c.id AS claim_id, c.invoice_id, c.debtor_id, c.currency, c.ended, c.open_amount,
        sum(c.open_amount) OVER (PARTITION BY c.invoice_id ORDER BY c.position) - c.open_amount AS begins
    FROM claim c
    WHERE c.invoice_id IN (SELECT invoice_id FROM came)
),
total AS MATERIALIZED (
    SELECT invoice_id, min(currency) AS currency, sum(open_amount) AS open_amount,
        bool_or(ended IS NOT DISTINCT FROM 'paid') AS paid
    FROM owed
    GROUP BY invoice_id
),
judged AS MATERIALIZED (
    SELECT came.*,
        CASE
            WHEN came.amount = 0 THEN 'no amount'
            WHEN came.kind = 'return' THEN 'returned'
            WHEN came.amount < 0 THEN 'money left'
            WHEN total.currency <> came.currency THEN 'other currency'
            WHEN total.open_amount = 0 OR came.begins >= total.open_amount THEN
                CASE WHEN total.paid OR total.open_amount > 0 THEN 'already paid' ELSE 'already credited' END
            WHEN came.begins + came.amount > total.open_amount THEN 'too much'
        END AS reason
    FROM came
    JOIN total ON total.invoice_id = came.invoice_id
),
used AS MATERIALIZED (
    SELECT nextval('allocation_id_seq') AS allocation_id, met.*
    FROM (
        SELECT j.id, j.currency, j.value_on, j.bank_account_id, o.claim_id, o.invoice_id, o.debtor_id,
            least(j.begins + j.amount, o.begins + o.open_amount) - greatest(j.begins, o.begins) AS amount
        FROM judged j
        JOIN owed o ON o.invoice_id = j.invoice_id AND o.begins < j.begins + j.amount
            AND j.begins < o.begins + o.open_amount
        WHERE j.reason IS NULL AND o.open_amount > 0
        ORDER BY j.id, o.claim_id
    ) met
),
settled AS (
    UPDATE claim SET open_amount = claim.open_amount - part.amount,
        ended = CASE WHEN claim.open_amount = part.amount THEN 'paid' END,
        ended_on = CASE WHEN claim.open_amount = part.amount THEN cast(:on AS date) END
    FROM (SELECT claim_id, sum(amount) AS amount FROM used GROUP BY claim_id) part
    WHERE claim.id = part.claim_id
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, id, claim_id, debtor_id, amount, currency, cast(:books_on AS date), :entry, :actor
    FROM used
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, bank_account_id, cast(:receivable AS bigint), amount, currency, cast(:books_on AS date), value_on,
        claim_id, id, debtor_id
    FROM used
    UNION ALL
    SELECT :entry,
        CASE WHEN amount > 0 THEN bank_account_id ELSE cast(:unidentified AS bigint) END,
        CASE WHEN amount < 0 THEN bank_account_id ELSE cast(:unidentified AS bigint) END,
        abs(amount), currency, cast(:books_on AS date), value_on, NULL, id, NULL
    FROM judged
    WHERE reason IS NOT NULL AND amount <> 0
),
cases AS (
    INSERT INTO payment_case (payment_id, creditor_id, reason, unallocated, claim_id, agreement_id, reference,
        search_key)
    SELECT j.id, :creditor, j.reason, j.amount, j.claim_id, j.agreement_id, p.reference,
        case_search_key(p.payer_name, p.reference, p.payer_account, p.message)
    FROM judged j
    JOIN payment p ON p.id = j.id
    WHERE j.reason IS NOT NULL
)
SELECT (SELECT count(*) FROM judged WHERE reason IS NOT NULL) AS unmatched, count(DISTINCT id) AS matched,
    min(allocation_id) AS wrote_from, max(allocation_id) AS wrote_to, array_agg(DISTINCT invoice_id) AS parted
FROM used
