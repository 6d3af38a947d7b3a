-- Books an invoice that asks again for what a credit note took back: each of the note's postings the other way.
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, claim_id,
    person_id, component_id, service_from, service_to, coding_id)
SELECT :entry, p.credit_account_id, p.debit_account_id, p.amount, p.currency, cast(:books_on AS date),
    cast(:on AS date), :claim, :person, p.component_id, p.service_from, p.service_to,
    p.coding_id
FROM entry e
JOIN posting p ON p.entry_id = e.id
WHERE e.key = :key
