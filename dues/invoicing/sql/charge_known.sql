-- Whom each line means: by number, e-mail address and external id, as far as it names them. `persons` counts those that
-- an e-mail address could mean; a number beside it says which.
CREATE TEMPORARY TABLE charge_known ON COMMIT DROP AS
WITH by_email AS MATERIALIZED (
    SELECT p.email_key, count(*) AS persons, min(p.id) AS person_id
    FROM person p
    WHERE p.email_key <> '' AND p.email_key IN (SELECT email FROM charge_row WHERE email <> '')
    GROUP BY p.email_key
),
by_external AS MATERIALIZED (
    SELECT e.external, p.id AS person_id
    FROM external_id e
    JOIN person p ON p.uuid = e.entity
    WHERE e.kind = 'person' AND e.system = cast(:system AS text)
        AND e.external IN (SELECT external FROM charge_row WHERE external <> '')
)
SELECT r.place, r.number, r.email, r.external, numbered.id AS by_number, numbered.email_key AS number_email,
    by_email.person_id AS by_email, coalesce(by_email.persons, 0) AS persons, by_external.person_id AS by_external,
    coalesce(numbered.id, by_external.person_id, by_email.person_id) AS person_id
FROM charge_row r
LEFT JOIN person numbered ON numbered.id = r.number
LEFT JOIN by_email ON by_email.email_key = r.email AND r.email <> ''
LEFT JOIN by_external ON by_external.external = r.external AND r.external <> ''
