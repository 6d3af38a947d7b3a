-- Queues the mails that say that money was returned: one for each return, claim and person, for whoever is owed to.
INSERT INTO message (kind, subject_id, person_id, channel, address, language)
SELECT 'returned', a.id, a.person_id, 'email', person.email, person.language
FROM allocation a
JOIN person ON person.id = a.person_id
WHERE a.payment_id = ANY (cast(:returns AS bigint[])) AND a.reverses_id IS NOT NULL AND a.claim_id IS NOT NULL
    AND person.email <> '' AND person.deceased_on IS NULL
