-- The lines of the invoices that a table lists.
INSERT INTO charge_wanted (place, person_id, group_id, due_on, product_id, text_id, quantity, unit_price, account_id,
    printed)
SELECT r.place, k.person_id, :group, b.due_on, r.product_id, t.id, r.quantity, r.unit_price, r.account_id, b.printed
FROM charge_row r
JOIN charge_known k ON k.place = r.place
JOIN take_in_bill b ON b.printed = r.printed
JOIN frozen_text t ON t.digest = r.digest
