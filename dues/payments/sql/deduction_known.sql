-- Says whom the lines of a payment's list mean: by member number, else by a payment reference of the creditor.
UPDATE deduction_line d
SET person_id = coalesce(
    (SELECT p.id FROM person p WHERE p.id = CASE WHEN d.number ~ '^\d{1,15}$' THEN d.number::bigint END),
    (SELECT c.debtor_id FROM payment_reference r JOIN claim c ON c.id = r.claim_id
     WHERE r.creditor_id = d.creditor_id AND r.value = d.number)
)
WHERE d.payment_id = :payment
