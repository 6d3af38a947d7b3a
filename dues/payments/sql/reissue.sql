-- Writes an invoice in the place of another one: what a credit note took back of it is asked for again, of a payer as
-- they are called and live now.
INSERT INTO invoice (uuid, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
    language, payer_name, payer_street, payer_postcode, payer_city, payer_country, replaces_id)
SELECT coalesce(cast(:public_id AS uuid), gen_random_uuid()), note.creditor_id, note.group_id, :number, p.id, :payee,
    cast(:on AS date), cast(:due_on AS date), note.amount, note.currency, p.language,
    ltrim(p.given_name || ' ' || p.family_name), p.street, p.postcode, p.city, p.country, note.credits_id
FROM invoice note
JOIN person p ON p.id = :person
WHERE note.id = :note
RETURNING id
