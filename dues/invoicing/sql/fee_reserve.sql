-- Reserves a stretch of one membership, as a run does: its own row is the gate, and moves on only from where it was
-- seen. Returns the status that it had, nothing where it did not move.
WITH held AS MATERIALIZED (
    SELECT id, status FROM membership WHERE id = :membership FOR UPDATE
)
UPDATE membership m
SET charged_through = cast(:through AS date),
    paid_through = CASE WHEN t.covered_by = 'issue' THEN cast(:through AS date) ELSE m.paid_through END,
    status = CASE WHEN t.covered_by = 'issue' AND m.status = 'applied' THEN 'active' ELSE m.status END
FROM held, membership_type t
WHERE m.id = held.id AND t.id = m.type_id
    AND m.charged_through IS NOT DISTINCT FROM cast(:charged_before AS date)
    AND m.ended_on IS NULL AND m.status IN ('applied', 'active')
RETURNING held.status
