-- Leaves out of a slice whose membership ended since it was claimed, or who died, member or payer: fee periods are
-- released, memberships stand where they stood, and rows are void with the reason. Whoever ends a membership meanwhile
-- waits for this slice, or this slice for them: memberships are locked, in the order of their ids. Of the numbers that the
-- slice holds, the last ones are void, each with the reason of one such row. Returns how many there are.
WITH item AS MATERIALIZED (
    SELECT i.seq, i.membership_id, i.charged_before, i.period_to, m.ended_on,
        member.deceased_on IS NOT NULL OR payer.deceased_on IS NOT NULL AS deceased
    FROM invoice_item i
    JOIN membership m ON m.id = i.membership_id
    JOIN person member ON member.id = i.person_id
    JOIN person payer ON payer.id = i.payer_id
    WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
    ORDER BY m.id
    FOR SHARE OF m
),
gone AS MATERIALIZED (
    SELECT item.*, CASE WHEN deceased THEN 'deceased' ELSE 'no member any more' END AS reason,
        row_number() OVER (ORDER BY seq) AS n
    FROM item
    WHERE deceased OR ended_on IS NOT NULL
),
released AS (
    UPDATE fee_period p
    SET state = 'released',
        release = 1 + (SELECT max(other.release) FROM fee_period other
                       WHERE other.membership_id = p.membership_id AND other.component_id = p.component_id
                           AND other.after_on = p.after_on)
    FROM gone
    WHERE p.membership_id = gone.membership_id AND p.run_id = :run AND p.release = 0
),
moved_back AS (
    UPDATE membership m
    SET charged_through = gone.charged_before,
        paid_through = (
            SELECT max(stretch.to_on)
            FROM (SELECT to_on FROM fee_period
                  WHERE membership_id = m.id AND release = 0 AND run_id IS DISTINCT FROM :run
                  GROUP BY from_on, to_on
                  HAVING bool_and(state = 'covered')) stretch
        )
    FROM gone
    WHERE m.id = gone.membership_id AND m.charged_through = gone.period_to
),
told AS (
    UPDATE invoice_item i SET state = 'void', reason = gone.reason
    FROM gone
    WHERE i.run_id = :run AND i.seq = gone.seq
),
unused AS (
    INSERT INTO number_void (creditor_id, series, number, reason, run_id)
    SELECT s.creditor_id, 'invoice', s.number_from + s.survivors - gone.n, gone.reason, :run
    FROM gone
    JOIN run_slice s ON s.run_id = :run AND s.first = :first
    UNION ALL
    SELECT s.creditor_id, 'entry', s.entry_number, min(gone.reason), :run
    FROM gone
    JOIN run_slice s ON s.run_id = :run AND s.first = :first
    GROUP BY s.creditor_id, s.entry_number, s.survivors
    HAVING count(*) = s.survivors
)
SELECT count(*) FROM gone
