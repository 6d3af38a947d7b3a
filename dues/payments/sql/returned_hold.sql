-- Locks returns and the payments they mean, then what these were used for: in the order of ids, as people at desks do.
WITH payments AS MATERIALIZED (
    SELECT id FROM payment WHERE id = ANY (cast(:payments AS bigint[])) ORDER BY id FOR NO KEY UPDATE
),
cases AS MATERIALIZED (
    SELECT payment_id FROM payment_case WHERE payment_id = ANY (cast(:payments AS bigint[]))
    ORDER BY payment_id FOR UPDATE
),
claims AS MATERIALIZED (
    SELECT id FROM claim
    WHERE id IN (SELECT claim_id FROM allocation WHERE payment_id = ANY (cast(:payments AS bigint[])))
    ORDER BY id FOR NO KEY UPDATE
),
credits AS MATERIALIZED (
    SELECT person_id FROM credit
    WHERE (creditor_id, person_id) IN (
        SELECT p.creditor_id, a.person_id
        FROM payment p
        JOIN allocation a ON a.payment_id = p.id AND a.claim_id IS NULL
        WHERE p.id = ANY (cast(:payments AS bigint[]))
    )
    ORDER BY creditor_id, person_id, currency FOR NO KEY UPDATE
)
SELECT (SELECT count(*) FROM payments) + (SELECT count(*) FROM cases) + (SELECT count(*) FROM claims)
    + (SELECT count(*) FROM credits)
