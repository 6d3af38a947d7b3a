-- Recomputes what the memberships of a slice of an undoing are charged and paid through, from their fee periods.
UPDATE membership m
SET charged_through = derived.charged_through, paid_through = derived.paid_through
FROM (
    SELECT touched.membership_id, max(stretch.to_on) AS charged_through,
        max(stretch.to_on) FILTER (WHERE stretch.covered) AS paid_through
    FROM (SELECT DISTINCT l.membership_id
          FROM undo_item i
          JOIN invoice_line l ON l.invoice_id = i.invoice_id
          WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
              AND l.membership_id IS NOT NULL) touched
    LEFT JOIN LATERAL (
        SELECT to_on, bool_and(state = 'covered') AS covered
        FROM fee_period
        WHERE membership_id = touched.membership_id AND release = 0
        GROUP BY from_on, to_on
    ) stretch ON true
    GROUP BY touched.membership_id
) derived
WHERE m.id = derived.membership_id
