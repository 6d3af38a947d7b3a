-- Locks, in the order of their ids, the claims of the invoices that a slice of payments means as a whole.
SELECT count(*)
FROM (
    SELECT id FROM claim
    WHERE invoice_id IN (
        SELECT c.invoice_id
        FROM payment p
        JOIN payment_reference r ON r.creditor_id = p.creditor_id AND r.value = p.reference AND r.whole
        JOIN claim c ON c.id = r.claim_id
        WHERE p.file_id = :file AND p.id BETWEEN :first AND :last AND p.creditor_id = :creditor
            AND p.currency = :currency
    )
    ORDER BY id
    FOR NO KEY UPDATE
) held
