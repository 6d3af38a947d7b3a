-- Books a slice of payments: those whose reference and amount agree with an open claim settle it, cover its fee
-- periods and activate memberships (a later phase queues their receipts); the others become cases with a reason. To
-- settle is to look: a claim is taken by the update that finds it open with this very amount, in the order of their
-- ids, so that two who settle at once stand in line and the second of them sees what the first has left. Only the few
-- claims that were not taken are locked and read once more, for the reason. What means an invoice in parts as a whole is
-- left to `book_whole.sql`, and covering by parts to who asks: other parts may be settled at this very moment.
WITH came AS MATERIALIZED (
    SELECT p.id, p.agreement_id, p.amount, p.currency, p.value_on, p.reference, p.kind, r.claim_id, r.whole,
        (SELECT a.bank_account_id FROM bank_agreement a WHERE a.id = p.agreement_id) AS bank_account_id,
        row_number() OVER (PARTITION BY r.claim_id, p.amount ORDER BY p.id) > 1 AS again
    FROM payment p
    LEFT JOIN payment_reference r ON r.creditor_id = p.creditor_id AND r.value = p.reference
    WHERE p.file_id = :file AND p.id BETWEEN :first AND :last AND p.creditor_id = :creditor AND p.currency = :currency
    ORDER BY r.claim_id
),
settled AS (
    UPDATE claim SET open_amount = 0, ended = 'paid', ended_on = cast(:on AS date)
    FROM came
    WHERE claim.id = came.claim_id AND claim.ended IS NULL AND claim.open_amount = came.amount
        AND claim.currency = came.currency AND came.amount > 0 AND NOT came.again
        AND NOT came.whole AND came.kind <> 'return'
    RETURNING came.id, came.amount, came.currency, came.value_on, came.bank_account_id, claim.id AS claim_id,
        claim.debtor_id, claim.invoice_id, claim.credited_amount, claim.parts
),
matched AS MATERIALIZED (
    SELECT settled.*, nextval('allocation_id_seq') AS allocation_id FROM settled
),
left_over AS MATERIALIZED (
    SELECT came.id, came.agreement_id, came.amount, came.currency, came.value_on, came.claim_id, came.bank_account_id,
        CASE
            WHEN came.amount = 0 THEN 'no amount'
            WHEN came.kind = 'return' THEN 'returned'
            WHEN came.amount < 0 THEN 'money left'
            WHEN came.reference IS NULL THEN 'no reference'
            WHEN came.claim_id IS NULL THEN 'unknown reference'
            WHEN held.currency <> came.currency THEN 'other currency'
            WHEN held.ended = 'paid' THEN 'already paid'
            WHEN held.ended IS NOT NULL THEN 'already credited'
            -- A claim that a payment beside this one has just settled cannot be locked: it is judged as it was before.
            WHEN came.amount > coalesce(held.open_amount, was.open_amount) THEN 'too much'
            WHEN came.amount < coalesce(held.open_amount, was.open_amount) THEN 'too little'
            ELSE 'already paid'
        END AS reason
    FROM came
    LEFT JOIN claim was ON was.id = came.claim_id
    LEFT JOIN LATERAL (
        SELECT currency, ended, open_amount FROM claim WHERE id = came.claim_id FOR NO KEY UPDATE
    ) held ON true
    WHERE came.id NOT IN (SELECT id FROM settled) AND came.whole IS NOT TRUE
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, id, claim_id, debtor_id, amount, currency, cast(:books_on AS date), :entry, :actor
    FROM matched
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, bank_account_id, cast(:receivable AS bigint), amount, currency, cast(:books_on AS date), value_on,
        claim_id, id, debtor_id
    FROM matched
    UNION ALL
    SELECT :entry,
        CASE WHEN amount > 0 THEN bank_account_id ELSE cast(:unidentified AS bigint) END,
        CASE WHEN amount < 0 THEN bank_account_id ELSE cast(:unidentified AS bigint) END,
        abs(amount), currency, cast(:books_on AS date), value_on, NULL, id, NULL
    FROM left_over
    WHERE amount <> 0
),
paid AS MATERIALIZED (
    SELECT l.membership_id, l.period_from, l.period_to, array_agg(l.component_id) AS components
    FROM matched
    JOIN invoice_line l ON l.invoice_id = matched.invoice_id
    WHERE l.membership_id IS NOT NULL AND matched.parts = 1
        -- A line that was credited whole charges nothing any more; few invoices were credited in part.
        AND (matched.credited_amount = 0 OR NOT EXISTS (
            SELECT FROM invoice note
            JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
            WHERE note.credits_id = l.invoice_id
            HAVING sum(back.amount) = l.amount
        ))
    GROUP BY l.membership_id, l.period_from, l.period_to
),
covered AS (
    -- What is charged is not released; to say so again would send the search through the key's last column. The key
    -- says after which day a period comes: nearly always the day before it, and then no earlier period is looked at.
    UPDATE fee_period f SET state = 'covered'
    FROM paid l
    WHERE f.membership_id = l.membership_id AND f.component_id = ANY (l.components) AND f.after_on = l.period_from - 1
        AND f.from_on = l.period_from AND f.state = 'charged'
    RETURNING f.membership_id, f.from_on, f.component_id
),
missed AS MATERIALIZED (
    SELECT l.membership_id, l.period_from, l.components
    FROM paid l
    LEFT JOIN (
        SELECT membership_id, from_on, count(*) AS periods FROM covered GROUP BY membership_id, from_on
    ) c ON c.membership_id = l.membership_id AND c.from_on = l.period_from
    WHERE c.periods IS DISTINCT FROM cardinality(l.components)
),
covered_too AS (
    -- First periods come after no day, and what was moved or charged anew after another one.
    UPDATE fee_period f SET state = 'covered'
    FROM missed l
    WHERE f.membership_id = l.membership_id AND f.component_id = ANY (l.components)
        AND f.after_on <> l.period_from - 1 AND f.from_on = l.period_from AND f.state = 'charged'
),
moved AS (
    UPDATE membership m
    SET paid_through = greatest(m.paid_through, l.period_to),
        status = CASE WHEN m.status = 'applied' THEN 'active' ELSE m.status END
    FROM (SELECT membership_id, max(period_to) AS period_to FROM paid GROUP BY membership_id) l
    WHERE m.id = l.membership_id
    RETURNING m.id
),
activated AS (
    INSERT INTO membership_status (membership_id, from_on, status, actor)
    SELECT moved.id, cast(:on AS date), 'active', :actor
    FROM moved
    JOIN membership before ON before.id = moved.id AND before.status = 'applied'
),
cases AS (
    -- What is searched is read again from the payment: few of them become a case, and the others need not carry it.
    INSERT INTO payment_case (payment_id, creditor_id, reason, unallocated, claim_id, agreement_id, reference,
        search_key)
    SELECT left_over.id, :creditor, left_over.reason, left_over.amount, left_over.claim_id, left_over.agreement_id,
        p.reference, case_search_key(p.payer_name, p.reference, p.payer_account, p.message)
    FROM left_over
    JOIN payment p ON p.id = left_over.id
)
SELECT (SELECT count(*) FROM left_over) AS unmatched, count(*) AS matched, min(allocation_id) AS wrote_from,
    max(allocation_id) AS wrote_to, array_agg(DISTINCT invoice_id) FILTER (WHERE parts > 1) AS parted,
    (SELECT count(*) FROM came WHERE whole) AS wholes
FROM matched
