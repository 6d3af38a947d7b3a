-- Whether payers would get one invoice for exactly the rows for which a preview gives them one.
SELECT NOT EXISTS (
    SELECT FROM invoice_item i
    JOIN creditor ON creditor.id = i.creditor_id
    JOIN person payer ON payer.id = i.payer_id
    WHERE i.run_id = :run AND i.state = 'ready' AND i.rule_id IS NULL
    GROUP BY i.creditor_id, i.payer_id, coalesce(payer.one_invoice, creditor.one_invoice)
    HAVING count(*) > 1 AND count(i.joint_seq)
        <> CASE WHEN coalesce(payer.one_invoice, creditor.one_invoice) THEN count(*) ELSE 0 END
)
