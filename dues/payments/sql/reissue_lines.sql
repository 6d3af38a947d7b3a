-- Gives an invoice the lines of a credit note. Each names its member where somebody else pays now.
INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, product_id, beneficiary_id,
    text_id, member_name, period_from, period_to, quantity, unit_price, vat_rate, account_id, amount, coding_id)
SELECT :invoice, l.position, l.membership_id, l.person_id, l.component_id, l.product_id, l.beneficiary_id, l.text_id,
    CASE WHEN l.person_id = :person THEN '' ELSE ltrim(p.given_name || ' ' || p.family_name) END,
    l.period_from, l.period_to, l.quantity, l.unit_price, l.vat_rate, l.account_id, l.amount,
    l.coding_id
FROM invoice_line l
JOIN person p ON p.id = l.person_id
WHERE l.invoice_id = :note
