-- Writes the invoices of a slice that charge several memberships each, as write.sql writes those that charge one: one
-- document with the lines of all, one claim, one reference. It belongs to the nearest group above all of its members'.
WITH item AS MATERIALIZED (
    SELECT i.joint_seq, i.seq, i.creditor_id, i.group_id, i.membership_id, i.person_id, i.payer_id, i.payee_id,
        i.class_number, i.period_from, i.period_to, i.due_on, i.amount, i.currency, i.channel, i.income, g.path,
        ltrim(member.given_name || ' ' || member.family_name) AS member_name
    FROM invoice_item i
    JOIN person member ON member.id = i.person_id
    JOIN groups g ON g.id = i.group_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
),
document AS MATERIALIZED (
    SELECT joint.*, nextval('invoice_id_seq') AS invoice_id, nextval('claim_id_seq') AS claim_id,
        cast(:number_from AS bigint) + row_number() OVER (ORDER BY joint.joint_seq) - 1 AS number,
        payer.language, payer.organisation, payer.street, payer.postcode, payer.city, payer.country,
        CASE joint.channel WHEN 'sms' THEN payer.phone ELSE payer.email END AS address,
        ltrim(payer.given_name || ' ' || payer.family_name) AS payer_name,
        coalesce(owner.id, creditor.group_id) AS group_id
    FROM (
        SELECT joint_seq, min(creditor_id) AS creditor_id, min(payer_id) AS payer_id, min(payee_id) AS payee_id,
            min(due_on) AS due_on, sum(amount) AS amount, min(currency) AS currency, min(channel) AS channel,
            min(path) AS first_path, max(path) AS last_path
        FROM item
        GROUP BY joint_seq
        ORDER BY joint_seq
    ) joint
    JOIN person payer ON payer.id = joint.payer_id
    JOIN creditor ON creditor.id = joint.creditor_id
    LEFT JOIN LATERAL (
        SELECT above.id FROM groups above
        WHERE starts_with(joint.first_path, above.path) AND starts_with(joint.last_path, above.path)
        ORDER BY length(above.path) DESC LIMIT 1
    ) owner ON true
),
line AS MATERIALIZED (
    SELECT document.invoice_id, document.claim_id, document.payer_id, document.currency, item.membership_id,
        item.person_id, item.member_name, item.period_from, item.period_to, l.component_id, l.text_id,
        coalesce(l.beneficiary_id, item.group_id) AS beneficiary_id, l.debit_account_id,
        coalesce(k.account_id, l.credit_account_id) AS credit_account_id, k.coding_id,
        line_fee(l.amount, item.income, l.formula) AS fee,
        row_number() OVER (PARTITION BY item.joint_seq ORDER BY item.seq, l.position) AS position
    FROM document
    JOIN item ON item.joint_seq = document.joint_seq
    JOIN price_class_line l ON l.run_id = :run AND l.class_number = item.class_number
    LEFT JOIN run_coding k ON k.run_id = :run AND k.group_id = item.group_id AND k.component_id = l.component_id
        AND k.product_id = 0
),
invoices AS (
    INSERT INTO invoice (id, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
        language, payer_name, payer_street, payer_postcode, payer_city, payer_country, run_id, item_seq)
    SELECT invoice_id, creditor_id, group_id, number, payer_id, payee_id, cast(:on AS date), due_on, amount, currency,
        language, payer_name, street, postcode, city, country, :run, joint_seq
    FROM document
),
lines AS (
    INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, beneficiary_id, text_id,
        member_name, period_from, period_to, amount, coding_id)
    SELECT invoice_id, position, membership_id, person_id, component_id, beneficiary_id, text_id, member_name,
        period_from, period_to, fee, coding_id
    FROM line
),
claims AS (
    INSERT INTO claim (id, invoice_id, creditor_id, debtor_id, amount, open_amount, currency, due_on, country, consumer)
    SELECT claim_id, invoice_id, creditor_id, payer_id, amount, amount, currency, due_on, country, NOT organisation
    FROM document
),
refs AS (
    INSERT INTO payment_reference (creditor_id, value, claim_id)
    SELECT document.creditor_id,
        payment_reference_for(a.reference_kind, a.reference_length, a.length_digit, document.number), document.claim_id
    FROM document
    JOIN payee ON payee.id = document.payee_id
    JOIN bank_agreement a ON a.id = payee.agreement_id
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, person_id, component_id, service_from, service_to, coding_id)
    SELECT :entry, debit_account_id, credit_account_id, fee, currency, cast(:books_on AS date), cast(:on AS date),
        claim_id, payer_id, component_id, period_from, period_to, coding_id
    FROM line
    WHERE fee > 0
),
messages AS (
    INSERT INTO message (kind, subject_id, person_id, channel, address, language, urgent)
    SELECT 'invoice', invoice_id, payer_id, channel, address, language, cast(:urgent AS boolean)
    FROM document
)
SELECT count(*), coalesce(sum(amount), 0), false AS parted FROM document
