-- Every posting is positive, between two accounts of its entry's creditor and in their currency, on its entry's day.
SELECT count(*)
FROM posting p
LEFT JOIN entry e ON e.id = p.entry_id
LEFT JOIN account d ON d.id = p.debit_account_id
LEFT JOIN account c ON c.id = p.credit_account_id
WHERE (p.amount > 0 AND p.debit_account_id <> p.credit_account_id AND p.on_date = e.on_date
       AND d.creditor_id = e.creditor_id AND c.creditor_id = e.creditor_id
       AND d.currency = p.currency AND c.currency = p.currency) IS NOT TRUE
