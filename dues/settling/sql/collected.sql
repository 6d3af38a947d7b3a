-- What was collected for groups that are not the creditor's own, by creditor, group, part of the fee and currency: what
-- came for a claim and was not taken back falls on the lines of its invoice in their order, be it a payment, credit that was
-- used, or money in another currency. A credited invoice has nothing left of it, one credited in part what is left of its
-- lines.
WITH used AS (
    SELECT claim_id, CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END AS amount, on_date
    FROM allocation
    UNION ALL
    SELECT claim_id, CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END, on_date
    FROM credit_use
    UNION ALL
    SELECT x.claim_id, CASE WHEN e.id = x.entry_id THEN x.settled ELSE -x.settled END, e.on_date
    FROM exchange x
    JOIN entry e ON e.id IN (x.entry_id, x.taken_back_id)
),
came AS (
    SELECT c.invoice_id, c.creditor_id, c.currency,
        least(
            sum(a.amount),
            min(i.amount - coalesce((SELECT sum(note.amount) FROM invoice note WHERE note.credits_id = i.id), 0))
        ) AS amount
    FROM invoice i
    JOIN claim c ON c.invoice_id = i.id
    JOIN used a ON a.claim_id = c.id
    WHERE c.ended IS DISTINCT FROM 'credited' AND (cast(:creditor AS bigint) IS NULL OR i.creditor_id = :creditor)
        AND (cast(:path AS text) = '' OR i.group_id IN (SELECT g.id FROM groups g WHERE g.path ^@ :path))
        AND a.on_date <= cast(:through AS date)
    GROUP BY c.invoice_id, c.creditor_id, c.currency
    HAVING sum(a.amount) > 0
),
charged AS (
    SELECT l.invoice_id, l.position, l.beneficiary_id, l.component_id,
        l.amount - coalesce((
            SELECT sum(back.amount)
            FROM invoice note
            JOIN invoice_line back ON back.invoice_id = note.id AND back.position = l.position
            WHERE note.credits_id = l.invoice_id
        ), 0) AS amount
    FROM came
    JOIN invoice_line l ON l.invoice_id = came.invoice_id
),
shared AS (
    SELECT came.creditor_id, came.currency, l.beneficiary_id, l.component_id,
        greatest(0, least(l.amount, came.amount - coalesce(sum(l.amount) OVER earlier, 0))) AS amount
    FROM came
    JOIN charged l ON l.invoice_id = came.invoice_id
    WINDOW earlier AS (PARTITION BY l.invoice_id ORDER BY l.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT s.creditor_id, s.beneficiary_id AS group_id, s.component_id, s.currency, sum(s.amount)::bigint AS amount
FROM shared s
JOIN creditor k ON k.id = s.creditor_id
JOIN groups g ON g.id = s.beneficiary_id
WHERE s.beneficiary_id <> k.group_id AND (cast(:path AS text) = '' OR g.path ^@ :path)
GROUP BY s.creditor_id, s.beneficiary_id, s.component_id, s.currency
HAVING sum(s.amount) > 0
ORDER BY s.creditor_id, s.beneficiary_id, s.component_id, s.currency
