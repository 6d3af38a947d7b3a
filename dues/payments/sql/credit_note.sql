-- Writes the credit note of a whole invoice: the same payer's copy, a number and day of its own.
INSERT INTO invoice (kind, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
    language, payer_name, payer_street, payer_postcode, payer_city, payer_country, credits_id)
SELECT 'credit note', creditor_id, group_id, :number, payer_id, payee_id, cast(:on AS date), cast(:on AS date),
    amount, currency, language, payer_name, payer_street, payer_postcode, payer_city, payer_country, id
FROM invoice
WHERE id = :invoice
RETURNING id
