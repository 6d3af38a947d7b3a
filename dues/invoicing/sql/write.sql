-- Writes the invoices of a slice: document, lines, claim, reference, postings and the message that delivers it. What is
-- on a slip of several creditors is delivered when all of it is written (slip_tell.sql). What is
-- paid in parts gets its claims, references and postings from the statement after this one (write_parts.sql).
WITH item AS MATERIALIZED (
    SELECT i.creditor_id, i.group_id, i.membership_id, i.person_id, i.payer_id, i.payee_id, i.class_number,
        i.period_from, i.period_to, i.due_on, i.amount, i.currency, i.channel, i.seq, i.income, i.rule_id, i.slip_seq,
        cast(:number_from AS bigint) + row_number() OVER (ORDER BY i.seq) - 1 AS number,
        nextval('invoice_id_seq') AS invoice_id, nextval('claim_id_seq') AS claim_id,
        payer.language, payer.organisation, payer.street, payer.postcode, payer.city, payer.country,
        CASE WHEN payer.given_name = '' THEN payer.family_name
             ELSE payer.given_name || ' ' || payer.family_name END AS payer_name,
        CASE i.channel WHEN 'sms' THEN payer.phone ELSE payer.email END AS address,
        CASE WHEN i.person_id = i.payer_id THEN ''
             ELSE ltrim(member.given_name || ' ' || member.family_name) END AS member_name
    FROM invoice_item i
    JOIN person payer ON payer.id = i.payer_id
    LEFT JOIN person member ON member.id = nullif(i.person_id, i.payer_id)
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
),
invoices AS (
    INSERT INTO invoice (id, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
        language, payer_name, payer_street, payer_postcode, payer_city, payer_country, run_id, item_seq)
    SELECT invoice_id, creditor_id, group_id, number, payer_id, payee_id, cast(:on AS date), due_on, amount, currency,
        language, payer_name, street, postcode, city, country, :run, seq
    FROM item
),
lines AS (
    INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, beneficiary_id, text_id,
        member_name, period_from, period_to, amount, coding_id)
    SELECT item.invoice_id, l.position, item.membership_id, item.person_id, l.component_id,
        coalesce(l.beneficiary_id, item.group_id), l.text_id, item.member_name, item.period_from, item.period_to,
        line_fee(l.amount, item.income, l.formula), k.coding_id
    FROM item
    JOIN price_class_line l ON l.run_id = :run AND l.class_number = item.class_number
    LEFT JOIN run_coding k ON k.run_id = :run AND k.group_id = item.group_id AND k.component_id = l.component_id
        AND k.product_id = 0
),
claims AS (
    INSERT INTO claim (id, invoice_id, creditor_id, debtor_id, amount, open_amount, currency, due_on, country, consumer)
    SELECT claim_id, invoice_id, creditor_id, payer_id, amount, amount, currency, due_on, country, NOT organisation
    FROM item
    WHERE rule_id IS NULL
),
refs AS (
    INSERT INTO payment_reference (creditor_id, value, claim_id)
    SELECT item.creditor_id,
        payment_reference_for(a.reference_kind, a.reference_length, a.length_digit, item.number), item.claim_id
    FROM item
    JOIN payee ON payee.id = item.payee_id
    JOIN bank_agreement a ON a.id = payee.agreement_id
    WHERE item.rule_id IS NULL
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, person_id, component_id, service_from, service_to, coding_id)
    SELECT :entry, l.debit_account_id, coalesce(k.account_id, l.credit_account_id), line_fee(l.amount, item.income, l.formula), item.currency, cast(:books_on AS date),
        cast(:on AS date), item.claim_id, item.payer_id, l.component_id, item.period_from, item.period_to,
        k.coding_id
    FROM item
    JOIN price_class_line l ON l.run_id = :run AND l.class_number = item.class_number
    LEFT JOIN run_coding k ON k.run_id = :run AND k.group_id = item.group_id AND k.component_id = l.component_id
        AND k.product_id = 0
    WHERE item.rule_id IS NULL AND line_fee(l.amount, item.income, l.formula) > 0
),
messages AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language, urgent)
    SELECT 'invoice', invoice_id, payer_id, channel, address, language, cast(:urgent AS boolean)
    FROM item
    WHERE slip_seq IS NULL
),
slips AS (
    INSERT INTO slip_part (invoice_id, run_id, slip_seq, creditor_id, collects)
    SELECT invoice_id, :run, slip_seq, creditor_id, seq = slip_seq
    FROM item
    WHERE slip_seq IS NOT NULL
)
SELECT count(*), coalesce(sum(amount), 0), count(rule_id) > 0 AS parted FROM item
