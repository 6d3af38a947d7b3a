-- Refunds of payments that the bank has taken back go out no more: the money would go back twice. Of :among alone, where
-- they are given (they are locked then). What is on its way already is not stopped.
WITH meant AS MATERIALIZED (
    SELECT r.id
    FROM refund r
    WHERE r.state IN ('proposed', 'approved', 'bounced') AND r.stopped IS DISTINCT FROM 'source returned'
        AND (cast(:among AS bigint[]) IS NULL OR r.id = ANY (cast(:among AS bigint[])))
        AND (r.payment_id = ANY (cast(:payments AS bigint[])) OR r.id IN (
            SELECT u.refund_id
            FROM allocation a
            JOIN credit_use u ON u.allocation_id = a.id AND u.kind = 'refund' AND u.reverses_id IS NULL
            WHERE a.payment_id = ANY (cast(:payments AS bigint[]))
        ) OR EXISTS (
            -- Of credit that a person asked for it cannot be said which money it was: where not enough is left of it.
            SELECT
            FROM credit_use u
            JOIN allocation a ON a.person_id = u.person_id AND a.currency = u.currency AND a.claim_id IS NULL
            JOIN payment p ON p.id = a.payment_id AND p.creditor_id = u.creditor_id
            LEFT JOIN credit k ON k.creditor_id = u.creditor_id AND k.person_id = u.person_id AND k.currency = u.currency
            WHERE u.refund_id = r.id AND u.kind = 'refund' AND u.reverses_id IS NULL AND u.allocation_id IS NULL
                AND a.payment_id = ANY (cast(:payments AS bigint[])) AND a.reverses_id IS NULL
                AND NOT EXISTS (SELECT FROM allocation back WHERE back.reverses_id = a.id)
                AND coalesce(k.balance, 0) < a.amount
        ))
    ORDER BY r.id
    FOR NO KEY UPDATE
)
UPDATE refund SET state = 'proposed', approved_by = NULL, stopped = 'source returned', stop_code = NULL, stop_words = ''
FROM meant
WHERE refund.id = meant.id
RETURNING refund.id
