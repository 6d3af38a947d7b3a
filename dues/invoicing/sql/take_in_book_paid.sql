-- Books what had been paid of the invoices of a slice before they were taken in, against what they are taken in on.
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
    person_id)
SELECT :entry, rule.credit_account_id, rule.debit_account_id, item.paid, item.currency, cast(:books_on AS date),
    cast(:on AS date), c.id, c.debtor_id
FROM charge_item item
JOIN invoice i ON i.payer_id = item.payer_id AND i.run_id = item.run_id AND i.item_seq = item.seq
JOIN claim c ON c.invoice_id = i.id
JOIN posting_rule rule ON rule.creditor_id = item.creditor_id AND rule.event = 'take-in' AND rule.currency IS NULL
    AND rule.component_id IS NULL AND rule.product_id IS NULL
WHERE item.run_id = :run AND item.seq BETWEEN :first AND :last AND item.state = 'ready' AND item.paid > 0
