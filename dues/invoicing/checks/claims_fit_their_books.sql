-- A claim is owed to the creditor and in the currency of its invoice, and is booked in that creditor's books.
SELECT (SELECT count(*)
        FROM claim c
        LEFT JOIN invoice i ON i.id = c.invoice_id
        LEFT JOIN payee ON payee.id = i.payee_id
        WHERE (c.creditor_id, c.currency, payee.creditor_id)
            IS DISTINCT FROM (i.creditor_id, i.currency, i.creditor_id))
    + (SELECT count(*)
       FROM posting p
       JOIN claim c ON c.id = p.claim_id
       JOIN account a ON a.id = p.debit_account_id
       WHERE (a.creditor_id, p.currency) IS DISTINCT FROM (c.creditor_id, c.currency))
