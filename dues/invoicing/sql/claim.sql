-- Reserves the fee periods of a slice. The membership's own row is the gate: it moves on only from where the
-- preview saw it, so that of two runs exactly one gets it. What did not move is left out with its reason. What is free is
-- covered at once, and no invoice follows: it does not survive as an item to be written.
WITH item AS MATERIALIZED (
    SELECT seq, membership_id, charged_before, period_from, period_to, class_number,
        state = 'excluded' AS free, joint_seq
    FROM invoice_item
    WHERE run_id = :run AND seq BETWEEN :first AND :last AND (state = 'ready' OR reason = 'free')
),
moved AS (
    UPDATE membership m
    SET charged_through = item.period_to,
        paid_through = CASE WHEN item.free OR t.covered_by = 'issue' THEN item.period_to ELSE m.paid_through END,
        status = CASE WHEN (item.free OR t.covered_by = 'issue') AND m.status = 'applied' THEN 'active' ELSE m.status END
    FROM item, membership_type t
    WHERE m.id = item.membership_id AND t.id = m.type_id
        AND m.charged_through IS NOT DISTINCT FROM item.charged_before
        AND m.ended_on IS NULL AND m.status IN ('applied', 'active')
    RETURNING item.*, item.free OR t.covered_by = 'issue' AS covered
),
reserved AS (
    INSERT INTO fee_period (membership_id, component_id, after_on, from_on, to_on, state, run_id)
    SELECT moved.membership_id, l.component_id, coalesce(moved.charged_before, '-infinity'), moved.period_from,
        moved.period_to, CASE WHEN moved.covered THEN 'covered' ELSE 'charged' END, :run
    FROM moved
    JOIN price_class_line l ON l.run_id = :run AND l.class_number = moved.class_number
),
activated AS (
    INSERT INTO membership_status (membership_id, from_on, status, actor)
    SELECT moved.membership_id, cast(:on AS date), 'active', :actor
    FROM moved
    JOIN membership before ON before.id = moved.membership_id AND before.status = 'applied'
    WHERE moved.covered
),
lost AS (
    UPDATE invoice_item
    SET state = 'excluded',
        reason = CASE WHEN m.ended_on IS NULL AND m.status IN ('applied', 'active') THEN 'already invoiced'
                      ELSE 'no member any more' END
    FROM membership m
    WHERE run_id = :run AND seq IN (SELECT seq FROM item EXCEPT SELECT seq FROM moved)
        AND m.id = invoice_item.membership_id
)
SELECT count(*) FILTER (WHERE NOT free AND joint_seq IS NULL) + count(DISTINCT joint_seq) FROM moved
