-- Puts the rows of creditors that another one collects for on the slip of that one: those of the same member, for the same
-- payer, in the same currency, of which it has a row in the run, too. They are due on one day. What is paid in parts, or
-- stands on one invoice with others, stays beside slips.
WITH own AS (
    SELECT i.seq, i.creditor_id, i.payer_id, i.person_id, i.currency, i.due_on, k.collected_by_id
    FROM invoice_item i
    JOIN creditor k ON k.id = i.creditor_id
    WHERE i.run_id = :run AND i.state = 'ready' AND i.rule_id IS NULL AND i.joint_seq IS NULL
        AND i.creditor_id IN (
            SELECT id FROM creditor WHERE collected_by_id IS NOT NULL
            UNION ALL SELECT collected_by_id FROM creditor
        )
),
placed AS (
    SELECT other.seq, min(head.seq) AS head, min(head.due_on) AS due_on
    FROM own other
    JOIN own head ON head.creditor_id = other.collected_by_id AND head.payer_id = other.payer_id
        AND head.person_id = other.person_id AND head.currency = other.currency
    GROUP BY other.seq
)
UPDATE invoice_item i
SET slip_seq = told.head, due_on = told.due_on
FROM (SELECT seq, head, due_on FROM placed UNION SELECT head, head, due_on FROM placed) told
WHERE i.run_id = :run AND i.seq = told.seq
