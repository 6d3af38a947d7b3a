-- A fee period of a type that is covered by payment is covered exactly when its invoice is paid, or, where the type says
-- so, the first of its parts; a line that was credited whole charges none. Where the creditor keeps memberships paid although
-- the money was returned, its payment says nothing.
SELECT count(*)
FROM fee_period f
JOIN membership m ON m.id = f.membership_id
JOIN membership_type t ON t.id = m.type_id AND t.covered_by <> 'issue'
JOIN invoice_line l ON l.membership_id = f.membership_id AND l.component_id = f.component_id
    AND l.period_from = f.from_on
JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'invoice'
JOIN (
    SELECT invoice_id, bool_or(credited_amount > 0) AS credited, bool_or(ended IS NOT DISTINCT FROM 'paid') AS paid,
        bool_and(coalesce(ended, '') IN ('paid', 'credited')) AS closed,
        bool_or(keeps_cover) AS kept,
        bool_or(position = 1 AND coalesce(ended, '') IN ('paid', 'credited')) AS begun
    FROM claim
    GROUP BY invoice_id
) c ON c.invoice_id = i.id
WHERE f.release = 0 AND f.run_id IS NOT NULL
    AND (NOT c.credited OR NOT EXISTS (
        SELECT FROM invoice note
        JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
        WHERE note.credits_id = i.id
        HAVING sum(back.amount) = l.amount
    ))
    AND NOT c.kept
    AND (f.state = 'covered') <> (c.paid AND CASE WHEN t.covered_by = 'first part' THEN c.begun ELSE c.closed END)
