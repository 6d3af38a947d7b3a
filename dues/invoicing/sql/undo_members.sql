-- Locks the memberships that a slice of an undoing gives back, in the order of their ids, and leaves alone what was charged
-- for a later period since it was previewed: nothing would ever charge what lies before that again.
WITH stretch AS MATERIALIZED (
    SELECT l.invoice_id, l.membership_id, max(l.period_to) AS through
    FROM undo_item i
    JOIN invoice_line l ON l.invoice_id = i.invoice_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready' AND l.membership_id IS NOT NULL
    GROUP BY l.invoice_id, l.membership_id
),
held AS MATERIALIZED (
    SELECT stretch.invoice_id, m.charged_through > stretch.through AS charged_on
    FROM stretch
    JOIN membership m ON m.id = stretch.membership_id
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
)
UPDATE undo_item i
SET state = 'excluded', reason = 'charged on since'
WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last
    AND i.invoice_id = ANY (ARRAY(SELECT invoice_id FROM held WHERE charged_on))
