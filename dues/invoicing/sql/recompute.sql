-- Recomputes what the memberships of invoices are charged and paid through, from their fee periods.
UPDATE membership m
SET charged_through = derived.charged_through, paid_through = derived.paid_through
FROM (
    SELECT touched.membership_id, max(stretch.to_on) AS charged_through,
        max(stretch.to_on) FILTER (WHERE stretch.covered) AS paid_through
    FROM (SELECT DISTINCT membership_id FROM invoice_line WHERE invoice_id = ANY (:invoices)) touched
    LEFT JOIN LATERAL (
        SELECT to_on, bool_and(state = 'covered') AS covered
        FROM fee_period
        WHERE membership_id = touched.membership_id AND release = 0
        GROUP BY from_on, to_on
    ) stretch ON true
    GROUP BY touched.membership_id
) derived
WHERE m.id = derived.membership_id
