-- What the lines of a table want to be charged.
INSERT INTO charge_wanted (place, person_id, group_id, due_on, product_id, text_id, quantity, unit_price, account_id)
SELECT r.place, k.person_id, :group, cast(:until AS date), r.product_id, t.id, r.quantity, r.unit_price, r.account_id
FROM charge_row r
JOIN charge_known k ON k.place = r.place
JOIN frozen_text t ON t.digest = r.digest
