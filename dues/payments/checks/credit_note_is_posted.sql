-- Every credit note is booked: what the credit notes of an invoice give back, line by line, leaves what is owed, by the
-- parts of the fee and by the accounts of what was sold. One entry books one note, or those of a slice of a run undone.
SELECT count(*) + (
    SELECT count(*) FROM invoice note
    WHERE note.kind = 'credit note' AND note.run_id IS NULL
        AND NOT EXISTS (SELECT FROM entry e WHERE e.key = 'credit note:' || note.id)
)
FROM (
    SELECT note.credits_id AS invoice_id, l.component_id, l.account_id, sum(l.amount) AS amount
    FROM invoice note
    JOIN invoice_line l ON l.invoice_id = note.id
    WHERE note.kind = 'credit note'
    GROUP BY note.credits_id, l.component_id, l.account_id
) given
FULL JOIN (
    SELECT c.invoice_id, p.component_id, CASE WHEN p.component_id IS NULL THEN other.id END AS account_id,
        sum(CASE WHEN d.role = 'receivable' THEN -p.amount ELSE p.amount END) AS amount
    FROM entry e
    JOIN posting p ON p.entry_id = e.id
    JOIN claim c ON c.id = p.claim_id
    JOIN account d ON d.id = p.debit_account_id
    JOIN account k ON k.id = p.credit_account_id
    JOIN account other ON other.id = CASE WHEN d.role = 'receivable' THEN k.id ELSE d.id END
    WHERE e.event = 'credit note' AND 'credit' NOT IN (d.role, k.role)
    GROUP BY c.invoice_id, p.component_id, CASE WHEN p.component_id IS NULL THEN other.id END
) booked ON booked.invoice_id = given.invoice_id AND booked.component_id IS NOT DISTINCT FROM given.component_id
    AND booked.account_id IS NOT DISTINCT FROM given.account_id
WHERE coalesce(given.amount, 0) <> coalesce(booked.amount, 0)
