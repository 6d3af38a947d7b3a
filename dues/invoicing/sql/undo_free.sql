-- Gives back what a run (:undoes) had reserved without an invoice because it was free, when the run is undone: fee periods
-- are released, and memberships stand where they would without them. What was charged on since stays. Memberships are
-- locked in the order of their ids.
WITH held AS MATERIALIZED (
    SELECT m.id
    FROM invoice_item i
    JOIN membership m ON m.id = i.membership_id
    WHERE i.run_id = :undoes AND i.reason = 'free' AND m.charged_through = i.period_to
    ORDER BY m.id
    FOR NO KEY UPDATE OF m
),
released AS (
    UPDATE fee_period p
    SET state = 'released',
        release = 1 + (SELECT max(other.release) FROM fee_period other
                       WHERE other.membership_id = p.membership_id AND other.component_id = p.component_id
                           AND other.after_on = p.after_on)
    FROM held
    WHERE p.membership_id = held.id AND p.run_id = :undoes AND p.release = 0
    RETURNING p.membership_id
),
given AS (SELECT DISTINCT membership_id FROM released)
UPDATE membership m
SET charged_through = derived.charged_through, paid_through = derived.paid_through
FROM (
    SELECT given.membership_id, max(stretch.to_on) AS charged_through,
        max(stretch.to_on) FILTER (WHERE stretch.covered) AS paid_through
    FROM given
    LEFT JOIN LATERAL (
        SELECT to_on, bool_and(state = 'covered') AS covered
        FROM fee_period
        WHERE membership_id = given.membership_id AND release = 0 AND run_id IS DISTINCT FROM :undoes
        GROUP BY from_on, to_on
    ) stretch ON true
    GROUP BY given.membership_id
) derived
WHERE m.id = derived.membership_id
