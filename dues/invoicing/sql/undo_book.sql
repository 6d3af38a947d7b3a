-- Reverses the postings by which a slice of an undoing was issued, and ends its claims.
WITH item AS MATERIALIZED (
    SELECT invoice_id FROM undo_item
    WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready'
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
        person_id, component_id, service_from, service_to, coding_id, reverses_id)
    SELECT :entry, p.credit_account_id, p.debit_account_id, p.amount, p.currency, cast(:books_on AS date),
        cast(:on AS date), p.claim_id, p.person_id, p.component_id, p.service_from, p.service_to, p.coding_id, p.id
    FROM item
    JOIN claim c ON c.invoice_id = item.invoice_id
    JOIN posting p ON p.claim_id = c.id
    JOIN entry e ON e.id = p.entry_id AND e.event IN ('issue', 'take-in')
)
UPDATE claim c SET open_amount = 0, credited_amount = c.amount, ended = 'credited', ended_on = cast(:on AS date)
FROM item
WHERE c.invoice_id = item.invoice_id
