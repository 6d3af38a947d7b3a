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
        ))
    ORDER BY r.id
    FOR NO KEY UPDATE
)
UPDATE refund SET state = 'proposed', approved_by = NULL, stopped = 'source returned', stop_code = NULL, stop_words = ''
FROM meant
WHERE refund.id = meant.id
RETURNING refund.id
