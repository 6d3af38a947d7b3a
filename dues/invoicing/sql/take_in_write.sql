-- Writes the invoices of a slice as another system issued them: document, lines, claim, reference and postings. There is no
-- message, for they were sent. A reference left over from a credited one goes on to the invoice in its place; one that has
-- come to mean anything else is refused (a null). Of digits, it is known without leading zeros, too.
WITH item AS MATERIALIZED (
    SELECT i.creditor_id, i.group_id, i.person_id, i.payee_id, i.due_on, i.amount, i.currency, i.seq, i.printed,
        i.issued_on, i.paid, split_part(i.reference, ' ', 1) AS kind,
        substr(i.reference, strpos(i.reference, ' ') + 1) AS reference,
        normalised_reference(substr(i.reference, strpos(i.reference, ' ') + 1)) AS quoted,
        nextval('invoice_id_seq') AS invoice_id, nextval('claim_id_seq') AS claim_id,
        payer.language, payer.organisation, payer.street, payer.postcode, payer.city, payer.country,
        ltrim(payer.given_name || ' ' || payer.family_name) AS payer_name, creditor.group_id AS home_id
    FROM charge_item i
    JOIN creditor ON creditor.id = i.creditor_id
    JOIN person payer ON payer.id = i.person_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
),
invoices AS (
    INSERT INTO invoice (id, creditor_id, group_id, printed, payer_id, payee_id, issued_on, due_on, amount, currency,
        language, payer_name, payer_street, payer_postcode, payer_city, payer_country, run_id, item_seq)
    SELECT invoice_id, creditor_id, group_id, printed, person_id, payee_id, issued_on, due_on, amount, currency,
        language, payer_name, street, postcode, city, country, :run, seq
    FROM item
),
lines AS (
    INSERT INTO invoice_line (invoice_id, position, person_id, product_id, beneficiary_id, text_id, member_name,
        quantity, unit_price, vat_rate, account_id, amount)
    SELECT item.invoice_id, l.position, l.person_id, l.product_id, item.home_id, l.text_id, '', l.quantity,
        l.unit_price, l.vat_rate, l.account_id, l.amount
    FROM item
    JOIN charge_line l ON l.run_id = :run AND l.seq = item.seq
),
claims AS (
    INSERT INTO claim (id, invoice_id, creditor_id, debtor_id, amount, open_amount, currency, due_on, country, consumer,
        ended, ended_on)
    SELECT claim_id, invoice_id, creditor_id, person_id, amount, amount - paid, currency, due_on, country,
        NOT organisation, CASE WHEN paid = amount THEN 'paid' END, CASE WHEN paid = amount THEN cast(:on AS date) END
    FROM item
),
known AS (
    INSERT INTO elsewhere (invoice_id, creditor_id, system, system_key, number_key, nth, reference, reference_kind)
    SELECT item.invoice_id, item.creditor_id, cast(:source AS text), cast(:source_key AS text),
        normalised_reference(item.printed),
        (SELECT count(*)
         FROM elsewhere e
         JOIN claim c ON c.invoice_id = e.invoice_id AND c.ended = 'credited'
         WHERE e.creditor_id = item.creditor_id AND e.system_key = cast(:source_key AS text)
            AND e.number_key = normalised_reference(item.printed)),
        item.reference, item.kind
    FROM item
),
refs AS (
    INSERT INTO payment_reference AS there (creditor_id, value, claim_id)
    SELECT creditor_id, quoted, claim_id FROM item
    ON CONFLICT (creditor_id, value) DO UPDATE
        SET claim_id = (SELECT excluded.claim_id FROM claim c JOIN elsewhere e ON e.invoice_id = c.invoice_id
                        WHERE c.id = there.claim_id AND c.ended = 'credited')
),
bare AS (
    INSERT INTO payment_reference (creditor_id, value, claim_id)
    SELECT creditor_id, ltrim(quoted, '0'), claim_id
    FROM item
    WHERE kind IN ('ocr', 'kid') AND quoted LIKE '0%' AND ltrim(quoted, '0') <> ''
    ON CONFLICT (creditor_id, value) DO NOTHING
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, person_id)
    SELECT :entry, CASE WHEN l.amount > 0 THEN l.debit_account_id ELSE l.account_id END,
        CASE WHEN l.amount > 0 THEN l.account_id ELSE l.debit_account_id END, abs(l.amount), item.currency,
        cast(:books_on AS date), cast(:on AS date), item.claim_id, item.person_id
    FROM item
    JOIN charge_line l ON l.run_id = :run AND l.seq = item.seq
    WHERE l.amount <> 0
)
SELECT count(*), coalesce(sum(amount), 0), false AS parted FROM item
