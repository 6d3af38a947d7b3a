-- Gives a credit note the lines that it takes back, at their positions. What was sold and is given back in part is one
-- piece at the price that is given back. A statement of its own: row security sees whose the lines are by the note, and
-- a statement does not see what it writes itself.
INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, product_id, beneficiary_id,
    text_id, member_name, period_from, period_to, quantity, unit_price, vat_rate, account_id, amount, coding_id)
SELECT :note, l.position, l.membership_id, l.person_id, l.component_id, l.product_id, l.beneficiary_id, l.text_id,
    l.member_name, l.period_from, l.period_to,
    CASE WHEN l.component_id IS NULL AND given.amount <> l.amount THEN 1 ELSE l.quantity END,
    CASE WHEN l.component_id IS NULL AND given.amount <> l.amount THEN given.amount ELSE l.unit_price END,
    l.vat_rate, l.account_id, given.amount, l.coding_id
FROM unnest(cast(:positions AS smallint[]), cast(:amounts AS bigint[])) given (position, amount)
JOIN invoice_line l ON l.invoice_id = :invoice AND l.position = given.position
