-- Gives the credit notes of a slice of an undoing the lines of their invoices.
INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, product_id, beneficiary_id,
    text_id, member_name, period_from, period_to, quantity, unit_price, vat_rate, account_id, amount, coding_id)
SELECT i.note_id, l.position, l.membership_id, l.person_id, l.component_id, l.product_id, l.beneficiary_id, l.text_id,
    l.member_name, l.period_from, l.period_to, l.quantity, l.unit_price, l.vat_rate, l.account_id, l.amount,
    l.coding_id
FROM undo_item i
JOIN invoice_line l ON l.invoice_id = i.invoice_id
WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
