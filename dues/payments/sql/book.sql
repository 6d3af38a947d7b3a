-- Books a slice of payments: those whose reference and amount agree with an open claim settle it, cover its fee
-- periods, activate memberships and queue a receipt; the others become cases with a reason. Each claim is locked as it
-- is read, in the order of their ids, so that two who settle at once stand in line; a row that is locked is read as it
-- is then, not as it was when the statement began, so that the second of them sees what the first has left.
WITH came AS MATERIALIZED (
    SELECT p.id, p.agreement_id, p.amount, p.currency, p.value_on, p.reference, r.claim_id,
        (SELECT a.bank_account_id FROM bank_agreement a WHERE a.id = p.agreement_id) AS bank_account_id,
        row_number() OVER (PARTITION BY r.claim_id, p.amount ORDER BY p.id) > 1 AS again
    FROM payment p
    LEFT JOIN payment_reference r ON r.creditor_id = p.creditor_id AND r.value = p.reference
    WHERE p.file_id = :file AND p.id BETWEEN :first AND :last AND p.creditor_id = :creditor AND p.currency = :currency
    ORDER BY r.claim_id
),
judged AS MATERIALIZED (
    SELECT came.id, came.agreement_id, came.amount, came.currency, came.value_on, came.claim_id, came.bank_account_id,
        held.debtor_id, held.invoice_id,
        CASE
            WHEN came.amount = 0 THEN 'no amount'
            WHEN came.amount < 0 THEN 'money left'
            WHEN came.reference IS NULL THEN 'no reference'
            WHEN came.claim_id IS NULL THEN 'unknown reference'
            WHEN held.currency <> came.currency THEN 'other currency'
            WHEN held.ended = 'paid' THEN 'already paid'
            WHEN held.ended IS NOT NULL THEN 'already credited'
            WHEN came.amount > held.open_amount THEN 'too much'
            WHEN came.amount < held.open_amount THEN 'too little'
            WHEN came.again THEN 'already paid'
        END AS reason
    FROM came
    LEFT JOIN LATERAL (
        SELECT debtor_id, invoice_id, currency, ended, open_amount FROM claim WHERE id = came.claim_id
        FOR NO KEY UPDATE
    ) held ON true
),
matched AS MATERIALIZED (
    SELECT judged.*, nextval('allocation_id_seq') AS allocation_id FROM judged WHERE reason IS NULL
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, id, claim_id, debtor_id, amount, currency, cast(:books_on AS date), :entry, :actor
    FROM matched
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry,
        CASE WHEN amount > 0 THEN bank_account_id ELSE cast(:unidentified AS bigint) END,
        CASE WHEN amount < 0 THEN bank_account_id
             WHEN reason IS NULL THEN cast(:receivable AS bigint)
             ELSE cast(:unidentified AS bigint) END,
        abs(amount), currency, cast(:books_on AS date), value_on,
        CASE WHEN reason IS NULL THEN claim_id END, id, CASE WHEN reason IS NULL THEN debtor_id END
    FROM judged
    WHERE amount <> 0
),
settled AS (
    UPDATE claim SET open_amount = 0, ended = 'paid', ended_on = cast(:on AS date)
    FROM matched
    WHERE claim.id = matched.claim_id
),
paid AS MATERIALIZED (
    SELECT l.membership_id, l.period_from, l.period_to, array_agg(l.component_id) AS components
    FROM matched
    JOIN invoice_line l ON l.invoice_id = matched.invoice_id
    WHERE l.membership_id IS NOT NULL
    GROUP BY l.membership_id, l.period_from, l.period_to
),
covered AS (
    -- What is charged is not released; to say so again would send the search through the key's last column.
    UPDATE fee_period f SET state = 'covered'
    FROM paid l
    WHERE f.membership_id = l.membership_id AND f.component_id = ANY (l.components) AND f.from_on = l.period_from
        AND f.state = 'charged'
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
receipts AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language)
    SELECT 'receipt', m.allocation_id, m.debtor_id, 'email', person.email, person.language
    FROM matched m
    JOIN person ON person.id = m.debtor_id
    WHERE person.email <> '' AND person.deceased_on IS NULL
),
cases AS (
    -- What is searched is read again from the payment: few of them become a case, and the others need not carry it.
    INSERT INTO payment_case (payment_id, creditor_id, reason, unallocated, claim_id, agreement_id, search_key)
    SELECT judged.id, :creditor, judged.reason, judged.amount, judged.claim_id, judged.agreement_id,
        case_search_key(p.payer_name, p.reference, p.payer_account, p.message)
    FROM judged
    JOIN payment p ON p.id = judged.id
    WHERE judged.reason IS NOT NULL
)
SELECT count(*) FILTER (WHERE reason IS NULL), count(*) FILTER (WHERE reason IS NOT NULL) FROM judged
