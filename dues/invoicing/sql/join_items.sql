-- Puts the rows of payers together who get one invoice for all whom they pay for, because they wish it or because their
-- creditor does it without being asked. Such rows move behind all others, those of one invoice side by side, the payer's
-- own first. What is paid in parts stays an invoice of its own. Where groups look different, the creditor's look holds.
WITH together AS (
    SELECT i.creditor_id, i.payer_id, min(i.payee_id) = max(i.payee_id) AS alike
    FROM invoice_item i
    JOIN creditor ON creditor.id = i.creditor_id
    JOIN person payer ON payer.id = i.payer_id
    WHERE i.run_id = :run AND i.state = 'ready' AND i.rule_id IS NULL
        AND coalesce(payer.one_invoice, creditor.one_invoice)
    GROUP BY i.creditor_id, i.payer_id
    HAVING count(*) > 1
),
placed AS (
    SELECT i.seq AS was, together.alike, payee.id AS payee_id, i.creditor_id, i.payer_id,
        (SELECT max(seq) FROM invoice_item WHERE run_id = :run)
            + row_number() OVER (ORDER BY i.creditor_id, i.payer_id, i.person_id <> i.payer_id, i.membership_id) AS seq
    FROM together
    JOIN invoice_item i ON i.run_id = :run AND i.creditor_id = together.creditor_id AND i.payer_id = together.payer_id
        AND i.state = 'ready' AND i.rule_id IS NULL
    JOIN payee ON payee.id = ANY(cast(:payees AS bigint[])) AND payee.creditor_id = i.creditor_id
),
headed AS (
    SELECT placed.*, min(seq) OVER (PARTITION BY creditor_id, payer_id) AS head FROM placed
)
UPDATE invoice_item i
SET seq = headed.seq, joint_seq = headed.head,
    payee_id = CASE WHEN headed.alike THEN i.payee_id ELSE headed.payee_id END
FROM headed
WHERE i.run_id = :run AND i.seq = headed.was
