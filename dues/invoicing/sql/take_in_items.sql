-- The preview of taking invoices in: one row for each, those left out last, each with its reason. One that was credited
-- whole may come again. A reference is refused that means another claim, or one that our own invoices soon come to.
INSERT INTO charge_item (run_id, seq, creditor_id, group_id, person_id, payer_id, payee_id, due_on, amount, currency,
    channel, state, reason, printed, issued_on, paid, reference)
SELECT :run, row_number() OVER (ORDER BY judged.reason IS NOT NULL, judged.creditor_id, judged.place),
    judged.creditor_id, judged.group_id, judged.person_id, judged.person_id, judged.payee_id, judged.due_on,
    judged.amount, judged.currency, 'none', CASE WHEN judged.reason IS NULL THEN 'ready' ELSE 'excluded' END,
    judged.reason, judged.printed, judged.issued_on, judged.paid, judged.reference_kind || ' ' || judged.reference
FROM (
    SELECT bill.*, payee.id AS payee_id,
        CASE
            WHEN bill.creditor_id IS NULL THEN 'no creditor'
            WHEN payee.id IS NULL THEN 'no bank agreement'
            WHEN known.amount = bill.amount THEN 'taken in before'
            WHEN known.amount IS NOT NULL THEN 'taken in otherwise'
            WHEN bill.wrong IS NOT NULL THEN bill.wrong
            WHEN bill.unbookable THEN 'no posting rule'
            WHEN meant.claim_id IS NOT NULL THEN 'reference taken'
            WHEN ours.number >= coalesce(series.next_number, 1)
                AND ours.number < coalesce(series.next_number, 1) + 1000000
                AND payment_reference_for(a.reference_kind, a.reference_length, a.length_digit, ours.number)
                    = bill.reference_key THEN 'reference to come'
        END AS reason
    FROM (
        SELECT l.printed, l.group_id, l.creditor_id, l.currency, l.person_id, l.due_on, min(l.place) AS place,
            sum(l.amount)::bigint AS amount, min(l.reason) AS wrong, b.issued_on, b.paid, b.reference,
            b.reference_kind, normalised_reference(l.printed) AS number_key,
            normalised_reference(b.reference) AS reference_key,
            bool_or(l.debit_account_id IS NULL OR l.account_id IS NULL) AS unbookable
        FROM charge_priced l
        JOIN take_in_bill b ON b.printed = l.printed
        GROUP BY l.printed, l.group_id, l.creditor_id, l.currency, l.person_id, l.due_on, b.issued_on, b.paid,
            b.reference, b.reference_kind
    ) bill
    JOIN run ON run.id = :run
    LEFT JOIN payee ON payee.id = ANY(cast(:payees AS bigint[])) AND payee.creditor_id = bill.creditor_id
    LEFT JOIN bank_agreement a ON a.id = payee.agreement_id
    LEFT JOIN number_series series ON series.creditor_id = bill.creditor_id AND series.series = 'invoice'
    LEFT JOIN LATERAL (
        SELECT i.amount
        FROM elsewhere e
        JOIN invoice i ON i.id = e.invoice_id
        JOIN claim c ON c.invoice_id = e.invoice_id AND c.ended IS DISTINCT FROM 'credited'
        WHERE e.creditor_id = bill.creditor_id AND e.system_key = run.params ->> 'source_key'
            AND e.number_key = bill.number_key
        LIMIT 1
    ) known ON true
    LEFT JOIN LATERAL (
        SELECT r.claim_id
        FROM payment_reference r
        JOIN claim c ON c.id = r.claim_id
        LEFT JOIN elsewhere e ON e.invoice_id = c.invoice_id
        WHERE r.creditor_id = bill.creditor_id AND r.value = bill.reference_key
            AND (e.invoice_id IS NULL OR c.ended IS DISTINCT FROM 'credited')
    ) meant ON true
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN a.reference_kind = 'rf' AND bill.reference_key ~ '^RF[0-9]{2}[1-9][0-9]{0,11}$'
                THEN substr(bill.reference_key, 5)::bigint
            WHEN a.reference_kind <> 'rf' AND bill.reference_key ~ '^[0-9]{6,17}$'
                AND char_length(bill.reference_key) = a.reference_length
                THEN left(bill.reference_key, a.reference_length::int - 1 - a.length_digit::int)::bigint
                    - (10 ^ (a.reference_length - 2 - a.length_digit::int))::bigint
        END AS number
    ) ours
) judged
