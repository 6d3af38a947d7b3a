-- Queues messages that failed as text messages as letters, of those who have an address.
UPDATE message m
SET channel = 'print', address = '', state = 'queued', attempts = 0, not_before = NULL
FROM person p
WHERE m.id = ANY (:ids) AND m.state = 'failed' AND p.id = m.person_id
    AND (p.street <> '' OR p.postcode <> '') AND p.city <> ''
