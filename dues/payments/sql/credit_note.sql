-- Writes the credit note of an invoice: the same payer's copy, a number, a day and an amount of its own.
INSERT INTO invoice (uuid, kind, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
    language, payer_name, payer_street, payer_postcode, payer_city, payer_country, credits_id, withdraws)
SELECT coalesce(cast(:public_id AS uuid), gen_random_uuid()), 'credit note', creditor_id, group_id, :number, payer_id,
    payee_id, cast(:on AS date), cast(:on AS date), :amount, currency, language, payer_name, payer_street,
    payer_postcode, payer_city, payer_country, id, cast(:withdraws AS boolean)
FROM invoice
WHERE id = :invoice
RETURNING id
