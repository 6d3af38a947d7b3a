-- Queues receipts for what matching has just booked.
INSERT INTO message (kind, subject_id, person_id, channel, address, language)
SELECT 'receipt', a.id, a.person_id, 'email', person.email, person.language
FROM allocation a
JOIN allocation_match m ON m.allocation_id = a.id
JOIN person ON person.id = a.person_id
WHERE a.id BETWEEN :wrote_from AND :wrote_to AND a.entry_id = :entry
    AND person.email <> '' AND person.deceased_on IS NULL
