-- Queues receipts for what a slice of payments settled and nobody has taken back since. Ids of other slices'
-- allocations lie between its own, and so does what was kept as credit beside it.
INSERT INTO message (kind, subject_id, person_id, channel, address, language)
SELECT 'receipt', a.id, a.person_id, 'email', person.email, person.language
FROM allocation a
JOIN person ON person.id = a.person_id
WHERE a.id BETWEEN :wrote_from AND :wrote_to AND a.payment_id BETWEEN :first AND :last AND a.reverses_id IS NULL
    AND a.claim_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM allocation back WHERE back.reverses_id = a.id)
    AND person.email <> '' AND person.deceased_on IS NULL
