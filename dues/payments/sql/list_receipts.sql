-- Queues receipts for the invoices that a stretch of one payment's allocations paid in full.
INSERT INTO message (kind, subject_id, person_id, channel, address, language)
SELECT 'receipt', a.id, a.person_id, 'email', person.email, person.language
FROM allocation a
JOIN claim ON claim.id = a.claim_id AND claim.ended = 'paid'
JOIN person ON person.id = a.person_id
WHERE a.id BETWEEN :wrote_from AND :wrote_to AND a.payment_id BETWEEN :first AND :last AND a.reverses_id IS NULL
    AND person.email <> '' AND person.deceased_on IS NULL
