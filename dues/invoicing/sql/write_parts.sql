-- Writes what the invoices of a slice that are paid in parts ask for: a claim and a reference for each part, the reference
-- that means all of them, and the postings, lines laid onto parts in their order (see `instalments.laid`; a fee's line is
-- never below zero). The statement before (write.sql) has written the invoices themselves.
WITH item AS MATERIALIZED (
    SELECT invoice.id AS invoice_id, invoice.number, invoice.creditor_id, invoice.group_id, invoice.payer_id,
        invoice.payer_country,
        invoice.amount, invoice.currency, invoice.due_on, payer.organisation, i.seq, i.class_number, i.income,
        i.period_from, i.period_to, rule.parts, rule.every, rule.unit, a.reference_kind, a.reference_length,
        a.length_digit
    FROM invoice_item i
    JOIN instalment_rule rule ON rule.id = i.rule_id
    JOIN invoice ON invoice.creditor_id = i.creditor_id AND invoice.run_id = i.run_id AND invoice.item_seq = i.seq
        AND invoice.number >= cast(:number_from AS bigint)
        AND invoice.number < cast(:number_from AS bigint) + cast(:items AS bigint)
    JOIN person payer ON payer.id = invoice.payer_id
    JOIN payee ON payee.id = invoice.payee_id
    JOIN bank_agreement a ON a.id = payee.agreement_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
),
part AS MATERIALIZED (
    SELECT nextval('claim_id_seq') AS claim_id, divided.*,
        sum(divided.part_amount) OVER (PARTITION BY divided.invoice_id ORDER BY divided.position) - divided.part_amount
            AS begins
    FROM (
        SELECT item.*, n AS position, part_amount(item.amount, item.parts, n) AS part_amount,
            part_due_on(item.due_on, n, item.every, item.unit) AS part_due_on
        FROM item
        CROSS JOIN LATERAL generate_series(1, item.parts) n
        ORDER BY item.seq, n
    ) divided
),
claims AS (
    INSERT INTO claim (id, invoice_id, position, parts, creditor_id, debtor_id, amount, open_amount, currency, due_on,
        country, consumer)
    SELECT claim_id, invoice_id, position, parts, creditor_id, payer_id, part_amount, part_amount, currency, part_due_on,
        payer_country, NOT organisation
    FROM part
),
refs AS (
    INSERT INTO payment_reference (creditor_id, value, claim_id, whole)
    SELECT creditor_id, part_reference_for(reference_kind, reference_length, length_digit, number, position), claim_id,
        false
    FROM part
    UNION ALL
    SELECT creditor_id, payment_reference_for(reference_kind, reference_length, length_digit, number), claim_id, true
    FROM part
    WHERE position = 1
),
line AS MATERIALIZED (
    SELECT charged.*, sum(charged.fee) OVER (PARTITION BY charged.invoice_id ORDER BY charged.position) - charged.fee
        AS begins
    FROM (
        SELECT item.invoice_id, l.position, l.component_id, l.debit_account_id,
            coalesce(k.account_id, l.credit_account_id) AS credit_account_id, k.coding_id,
            line_fee(l.amount, item.income, l.formula) AS fee
        FROM item
        JOIN price_class_line l ON l.run_id = :run AND l.class_number = item.class_number
        LEFT JOIN run_coding k ON k.run_id = :run AND k.group_id = item.group_id AND k.component_id = l.component_id
            AND k.product_id = 0
    ) charged
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, person_id, component_id, service_from, service_to, coding_id)
    SELECT :entry, line.debit_account_id, line.credit_account_id,
        least(line.begins + line.fee, part.begins + part.part_amount) - greatest(line.begins, part.begins),
        part.currency, cast(:books_on AS date), cast(:on AS date), part.claim_id, part.payer_id, line.component_id,
        part.period_from, part.period_to, line.coding_id
    FROM line
    JOIN part ON part.invoice_id = line.invoice_id AND part.begins < line.begins + line.fee
        AND line.begins < part.begins + part.part_amount
    WHERE line.fee > 0
)
SELECT count(*) FROM part
