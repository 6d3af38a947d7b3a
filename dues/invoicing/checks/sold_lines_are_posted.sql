-- What an invoice sells is booked by the entry that issued it or took it in, account by account. What had been paid before
-- it was taken in is an entry of its own.
SELECT count(*)
FROM (
    SELECT l.invoice_id, l.account_id, sum(l.amount) AS amount
    FROM invoice_line l
    JOIN invoice i ON i.id = l.invoice_id AND i.kind = 'invoice'
    WHERE l.component_id IS NULL
    GROUP BY l.invoice_id, l.account_id
) sold
FULL JOIN (
    SELECT invoice_id, account_id, sum(amount) AS amount
    FROM (
        SELECT c.invoice_id, p.credit_account_id AS account_id, p.amount
        FROM claim c
        JOIN posting p ON p.claim_id = c.id AND p.component_id IS NULL
        JOIN entry e ON e.id = p.entry_id AND e.event IN ('issue', 'take-in')
        UNION ALL
        SELECT c.invoice_id, p.debit_account_id, -p.amount
        FROM claim c
        JOIN posting p ON p.claim_id = c.id AND p.component_id IS NULL
        JOIN entry e ON e.id = p.entry_id AND e.event IN ('issue', 'take-in')
    ) side
    JOIN account a ON a.id = side.account_id AND a.role IN ('income', 'opening')
    GROUP BY invoice_id, account_id
) booked USING (invoice_id, account_id)
WHERE coalesce(sold.amount, 0) <> coalesce(booked.amount, 0)
