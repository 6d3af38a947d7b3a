-- Writes the invoices of a slice: document, lines, claim, reference, postings and the message that delivers it. What a
-- line takes off is booked the other way round; a free one books nothing.
WITH item AS MATERIALIZED (
    SELECT i.creditor_id, i.group_id, i.person_id, i.payer_id, i.payee_id, i.due_on, i.amount, i.currency, i.channel,
        i.seq, cast(:number_from AS bigint) + row_number() OVER (ORDER BY i.seq) - 1 AS number,
        nextval('invoice_id_seq') AS invoice_id, nextval('claim_id_seq') AS claim_id,
        payer.language, payer.organisation, payer.street, payer.postcode, payer.city, payer.country,
        CASE i.channel WHEN 'sms' THEN payer.phone ELSE payer.email END AS address,
        ltrim(payer.given_name || ' ' || payer.family_name) AS payer_name,
        CASE WHEN i.person_id = i.payer_id THEN ''
             ELSE ltrim(member.given_name || ' ' || member.family_name) END AS member_name,
        creditor.group_id AS home_id
    FROM charge_item i
    JOIN creditor ON creditor.id = i.creditor_id
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
    INSERT INTO invoice_line (invoice_id, position, person_id, product_id, beneficiary_id, text_id, member_name,
        quantity, unit_price, vat_rate, account_id, amount, coding_id)
    SELECT item.invoice_id, l.position, l.person_id, l.product_id, item.home_id, l.text_id, item.member_name,
        l.quantity, l.unit_price, l.vat_rate, coalesce(k.account_id, l.account_id), l.amount, k.coding_id
    FROM item
    JOIN charge_line l ON l.run_id = :run AND l.seq = item.seq
    LEFT JOIN run_coding k ON k.run_id = :run AND k.group_id = item.group_id AND k.component_id = 0
        AND k.product_id = coalesce(l.product_id, 0)
),
claims AS (
    INSERT INTO claim (id, invoice_id, creditor_id, debtor_id, amount, open_amount, currency, due_on, country, consumer)
    SELECT claim_id, invoice_id, creditor_id, payer_id, amount, amount, currency, due_on, country, NOT organisation
    FROM item
),
refs AS (
    INSERT INTO payment_reference (creditor_id, value, claim_id)
    SELECT item.creditor_id,
        payment_reference_for(a.reference_kind, a.reference_length, a.length_digit, item.number), item.claim_id
    FROM item
    JOIN payee ON payee.id = item.payee_id
    JOIN bank_agreement a ON a.id = payee.agreement_id
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, person_id, coding_id)
    SELECT :entry, CASE WHEN l.amount > 0 THEN l.debit_account_id ELSE coalesce(k.account_id, l.account_id) END,
        CASE WHEN l.amount > 0 THEN coalesce(k.account_id, l.account_id) ELSE l.debit_account_id END, abs(l.amount),
        item.currency, cast(:books_on AS date), cast(:on AS date), item.claim_id, item.payer_id, k.coding_id
    FROM item
    JOIN charge_line l ON l.run_id = :run AND l.seq = item.seq
    LEFT JOIN run_coding k ON k.run_id = :run AND k.group_id = item.group_id AND k.component_id = 0
        AND k.product_id = coalesce(l.product_id, 0)
    WHERE l.amount <> 0
),
messages AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language, urgent)
    SELECT 'invoice', invoice_id, payer_id, channel, address, language, false
    FROM item
)
SELECT count(*), coalesce(sum(amount), 0), false AS parted FROM item
