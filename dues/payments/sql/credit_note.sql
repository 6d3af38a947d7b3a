-- Writes the credit note of a whole invoice: the same lines and payer's copy, a number and day of its own.
WITH noted AS (
    INSERT INTO invoice (kind, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
        language, payer_name, payer_street, payer_postcode, payer_city, payer_country, credits_id)
    SELECT 'credit note', creditor_id, group_id, :number, payer_id, payee_id, cast(:on AS date), cast(:on AS date),
        amount, currency, language, payer_name, payer_street, payer_postcode, payer_city, payer_country, id
    FROM invoice
    WHERE id = :invoice
    RETURNING id
),
lines AS (
    INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, beneficiary_id, text_id,
        member_name, period_from, period_to, amount)
    SELECT noted.id, l.position, l.membership_id, l.person_id, l.component_id, l.beneficiary_id, l.text_id,
        l.member_name, l.period_from, l.period_to, l.amount
    FROM noted, invoice_line l
    WHERE l.invoice_id = :invoice
)
SELECT id FROM noted
