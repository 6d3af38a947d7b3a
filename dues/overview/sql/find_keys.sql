-- What a number, a reference, an address or a telephone number belongs to; what was not asked for is null or empty.
(SELECT 'person' AS kind, id, 'number' AS how, true AS exact FROM person WHERE id = cast(:number AS bigint))
UNION ALL
(SELECT 'invoice', i.id, 'number', true
 FROM creditor c JOIN invoice i ON i.creditor_id = c.id AND i.number = cast(:number AS bigint)
 ORDER BY i.id DESC LIMIT :rows)
UNION ALL
(SELECT 'invoice', invoice_id, 'number', true
 FROM elsewhere WHERE number_key = cast(:reference AS text)
 ORDER BY invoice_id DESC LIMIT :rows)
UNION ALL
(SELECT 'invoice', claim.invoice_id, 'reference', true
 FROM creditor c
 JOIN payment_reference r ON r.creditor_id = c.id AND r.value = cast(:reference AS text)
 JOIN claim ON claim.id = r.claim_id
 ORDER BY claim.invoice_id DESC LIMIT :rows)
UNION ALL
(SELECT 'person', id, 'email', email_key = cast(:email AS text)
 FROM person WHERE email_key <> '' AND email_key ^@ cast(:email AS text)
 ORDER BY email_key, id LIMIT :rows)
UNION ALL
(SELECT 'person', found.id, 'phone', found.phone_key = beginning
 FROM unnest(cast(:phones AS text[])) beginning
 CROSS JOIN LATERAL (
     SELECT id, phone_key FROM person
     WHERE phone_key <> '' AND phone_key >= beginning AND phone_key < beginning || ':'
     ORDER BY phone_key LIMIT :rows
 ) found
 LIMIT :rows)
UNION ALL
(SELECT 'person', id, 'identity', true FROM person WHERE uuid = cast(:identity AS uuid))
UNION ALL
(SELECT 'person', person_id, 'membership', true FROM membership WHERE uuid = cast(:identity AS uuid))
UNION ALL
(SELECT 'invoice', id, 'identity', true FROM invoice WHERE uuid = cast(:identity AS uuid))
