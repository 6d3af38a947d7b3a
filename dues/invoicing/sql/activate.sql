-- Activates the memberships of an invoice that had only applied, and writes it into their history.
WITH active AS (
    UPDATE membership m SET status = 'active'
    FROM (SELECT DISTINCT membership_id FROM invoice_line WHERE invoice_id = :invoice) paid
    WHERE m.id = paid.membership_id AND m.status = 'applied'
    RETURNING m.id
)
INSERT INTO membership_status (membership_id, from_on, status, actor)
SELECT id, cast(:on AS date), 'active', :actor FROM active
