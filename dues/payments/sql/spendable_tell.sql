-- Queues the receipts of credit that was used in an entry: one for each person and invoice, however many parts it paid.
INSERT INTO message (kind, subject_id, person_id, channel, address, language)
SELECT 'credit used', min(u.id), u.person_id, 'email', person.email, person.language
FROM credit_use u
JOIN claim c ON c.id = u.claim_id
JOIN person ON person.id = u.person_id
WHERE u.entry_id = :entry AND person.email <> '' AND person.deceased_on IS NULL
GROUP BY u.person_id, c.invoice_id, person.email, person.language
