-- Activates the memberships of invoices that had only applied, where enough is paid, and writes it into their history.
WITH active AS (
    UPDATE membership m SET status = 'active'
    FROM (SELECT DISTINCT invoice_id, membership_id FROM invoice_line WHERE invoice_id = ANY (:invoices)) paid,
        membership_type t
    WHERE m.id = paid.membership_id AND m.status = 'applied' AND t.id = m.type_id
        AND NOT EXISTS (
            SELECT FROM claim c
            WHERE c.invoice_id = paid.invoice_id AND (t.covered_by <> 'first part' OR c.position = 1)
                AND (c.ended IS NULL OR c.ended NOT IN ('paid', 'credited'))
        )
    RETURNING m.id
)
INSERT INTO membership_status (membership_id, from_on, status, actor)
SELECT id, cast(:on AS date), 'active', :actor FROM active
