-- Gives a credit note the lines of its invoice. A statement of its own: row security sees whose the lines are by the
-- note, and a statement does not see what it writes itself.
INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, product_id, beneficiary_id,
    text_id, member_name, period_from, period_to, quantity, unit_price, vat_rate, account_id, amount)
SELECT :note, position, membership_id, person_id, component_id, product_id, beneficiary_id, text_id, member_name,
    period_from, period_to, quantity, unit_price, vat_rate, account_id, amount
FROM invoice_line
WHERE invoice_id = :invoice
