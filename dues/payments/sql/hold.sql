-- Locks the claims that a slice of payments refers to, in the order of their ids, so that two who settle at once
-- stand in line. A statement of its own: the next one then sees what whoever came first has left.
SELECT count(*)
FROM (
    SELECT c.id
    FROM claim c
    WHERE c.id IN (
        SELECT r.claim_id
        FROM payment p
        JOIN payment_reference r ON r.creditor_id = p.creditor_id AND r.value = p.reference
        WHERE p.file_id = :file AND p.id BETWEEN :first AND :last AND p.creditor_id = :creditor
    )
    ORDER BY c.id
    FOR NO KEY UPDATE
) held
