-- What paying each of some invoices in full would do to its memberships: how many there are, the day until which they
-- would be paid (first and last of them), and whether any has only applied. It counts as `recompute.sql` will.
SELECT each.invoice_id, count(*) AS memberships, min(each.through) AS first_through, max(each.through) AS last_through,
    bool_or(m.status = 'applied') AS activates
FROM (
    SELECT touched.invoice_id, touched.membership_id, max(stretch.to_on) FILTER (WHERE stretch.covered) AS through
    FROM (
        SELECT DISTINCT invoice_id, membership_id
        FROM invoice_line
        WHERE invoice_id = ANY (:invoices) AND membership_id IS NOT NULL
    ) touched
    LEFT JOIN LATERAL (
        SELECT f.to_on, bool_and(f.state = 'covered' OR EXISTS (
            SELECT FROM invoice_line l
            WHERE l.invoice_id = touched.invoice_id AND l.membership_id = f.membership_id
                AND l.component_id = f.component_id AND l.period_from = f.from_on
        )) AS covered
        FROM fee_period f
        WHERE f.membership_id = touched.membership_id AND f.release = 0
        GROUP BY f.from_on, f.to_on
    ) stretch ON true
    GROUP BY touched.invoice_id, touched.membership_id
) each
JOIN membership m ON m.id = each.membership_id
GROUP BY each.invoice_id
