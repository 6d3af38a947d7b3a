-- Releases the stretches of a membership that begin after a day and that a run gave for nothing, when it ends, and lets it
-- stand where it would without them.
WITH released AS (
    UPDATE fee_period f
    SET state = 'released',
        release = 1 + (SELECT max(other.release) FROM fee_period other
                       WHERE other.membership_id = f.membership_id AND other.component_id = f.component_id
                           AND other.after_on = f.after_on)
    FROM invoice_item i
    WHERE i.run_id = f.run_id AND i.membership_id = f.membership_id AND i.period_from = f.from_on
        AND i.reason = 'free' AND f.membership_id = :membership AND f.release = 0 AND f.from_on > cast(:on AS date)
    RETURNING f.membership_id, f.component_id, f.from_on
)
UPDATE membership m
SET charged_through = derived.charged_through, paid_through = derived.paid_through
FROM (
    SELECT max(stretch.to_on) AS charged_through, max(stretch.to_on) FILTER (WHERE stretch.covered) AS paid_through
    FROM (
        SELECT f.to_on, bool_and(f.state = 'covered') AS covered
        FROM fee_period f
        WHERE f.membership_id = :membership AND f.release = 0
            AND NOT EXISTS (SELECT FROM released r WHERE r.component_id = f.component_id AND r.from_on = f.from_on)
        GROUP BY f.from_on, f.to_on
    ) stretch
) derived
WHERE m.id = :membership AND EXISTS (SELECT FROM released)
