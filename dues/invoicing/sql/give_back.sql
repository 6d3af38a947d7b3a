-- Gives back what rows of a run had reserved and could not be invoiced: their fee periods are released, their memberships
-- stand where they stood, and each row is void with its reason.
WITH item AS MATERIALIZED (
    SELECT i.seq, i.membership_id, i.charged_before, i.period_to, void.reason
    FROM unnest(cast(:seqs AS bigint[]), cast(:reasons AS text[])) void (seq, reason)
    JOIN invoice_item i ON i.run_id = :run AND i.seq = void.seq AND i.state = 'ready'
),
released AS (
    UPDATE fee_period p
    SET state = 'released',
        release = 1 + (SELECT max(other.release) FROM fee_period other
                       WHERE other.membership_id = p.membership_id AND other.component_id = p.component_id
                           AND other.after_on = p.after_on)
    FROM item
    WHERE p.membership_id = item.membership_id AND p.run_id = :run AND p.release = 0
),
moved_back AS (
    UPDATE membership m
    SET charged_through = item.charged_before,
        paid_through = (
            SELECT max(stretch.to_on)
            FROM (SELECT to_on FROM fee_period
                  WHERE membership_id = m.id AND release = 0 AND run_id IS DISTINCT FROM :run
                  GROUP BY from_on, to_on
                  HAVING bool_and(state = 'covered')) stretch
        )
    FROM item
    WHERE m.id = item.membership_id AND m.charged_through = item.period_to
)
UPDATE invoice_item i SET state = 'void', reason = item.reason, joint_seq = NULL
FROM item
WHERE i.run_id = :run AND i.seq = item.seq
