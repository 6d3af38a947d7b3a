-- What would break the ledger, done by somebody who has switched off what refuses it; under the name of each check,
-- what that check must see. A paragraph is one way to do it.

-- check: closed_days_unchanged

UPDATE posting SET amount = amount + 1 WHERE id = (SELECT min(id) FROM posting);

UPDATE books_closed SET entries = entries - 1 WHERE creditor_id = (SELECT min(creditor_id) FROM books_closed);

INSERT INTO entry (creditor_id, number, event, key, on_date, actor) SELECT creditor_id, 999, 'late', 'late',
    through, 'nobody' FROM books_closed LIMIT 1;

-- check: entries_not_empty

DELETE FROM posting WHERE entry_id = (SELECT max(id) FROM entry);

-- check: entry_numbers

UPDATE number_series SET next_number = next_number + 1 WHERE series = 'entry';

DELETE FROM entry WHERE id = (SELECT min(id) FROM entry);

INSERT INTO number_void (creditor_id, series, number, reason) SELECT creditor_id, 'entry', number, 'x' FROM
    entry LIMIT 1;

ALTER TABLE entry DROP CONSTRAINT uq_entry_creditor_id_number;
UPDATE entry SET number = 1 WHERE number = 2;

DELETE FROM number_series WHERE series = 'entry';

-- check: postings_fit_entry

UPDATE posting SET on_date = on_date + 1 WHERE id = (SELECT min(id) FROM posting);

UPDATE posting SET currency = 'NOK' WHERE id = (SELECT min(id) FROM posting);

UPDATE posting SET debit_account_id = (SELECT max(a.id) FROM account a, account own WHERE own.id = debit_account_id
    AND a.creditor_id <> own.creditor_id) WHERE id = (SELECT min(id) FROM posting);

UPDATE posting SET credit_account_id = (SELECT max(a.id) FROM account a, account own WHERE own.id = credit_account_id
    AND a.creditor_id <> own.creditor_id) WHERE id = (SELECT min(id) FROM posting);

UPDATE posting SET entry_id = 0 WHERE id = (SELECT min(id) FROM posting);

ALTER TABLE posting DROP CONSTRAINT ck_posting_amount_positive;
UPDATE posting SET amount = -amount WHERE id = (SELECT min(id) FROM posting);

ALTER TABLE posting DROP CONSTRAINT ck_posting_two_accounts;
UPDATE posting SET debit_account_id = credit_account_id WHERE id = (SELECT min(id) FROM posting);

-- check: refusals_in_force

DROP TRIGGER entry_on_open_day ON entry;

ALTER TABLE posting ENABLE REPLICA TRIGGER posting_never_changes;

-- check: changes_are_written_down

DROP TRIGGER audit_update ON person;

ALTER TABLE audit_change DISABLE TRIGGER audit_change_never_changes;

ALTER TABLE membership ENABLE REPLICA TRIGGER audit_row_update;

-- check: status_is_history

UPDATE membership SET status = 'left' WHERE id = (SELECT min(id) FROM membership);

DELETE FROM membership_status WHERE membership_id = (SELECT min(id) FROM membership);

-- check: claim_open_is_postings

UPDATE claim SET open_amount = open_amount - 1 WHERE id = (SELECT max(id) FROM claim WHERE open_amount > 1);

DELETE FROM posting WHERE id = (SELECT min(id) FROM posting WHERE claim_id IS NOT NULL);

UPDATE posting SET claim_id = (SELECT max(id) FROM claim) WHERE id = (SELECT min(id) FROM posting
    WHERE claim_id IS NOT NULL);

-- check: coverage_is_fee_periods

UPDATE membership SET paid_through = paid_through + 1;

UPDATE membership SET charged_through = NULL WHERE id = (SELECT min(id) FROM membership);

UPDATE membership SET paid_through = charged_through WHERE paid_through IS NULL;

-- check: coverage_is_payment

UPDATE fee_period SET state = 'charged' WHERE state = 'covered';

UPDATE fee_period SET state = 'covered' WHERE state = 'charged';

-- check: claims_fit_their_books

UPDATE claim SET creditor_id = (SELECT max(id) FROM creditor) WHERE id = (SELECT min(id) FROM claim);

UPDATE claim SET currency = 'NOK' WHERE id = (SELECT min(id) FROM claim);

UPDATE invoice i SET payee_id = (SELECT max(id) FROM payee WHERE creditor_id <> i.creditor_id)
    WHERE id = (SELECT min(id) FROM invoice);

UPDATE posting SET claim_id = (SELECT max(id) FROM claim WHERE currency = 'EUR')
    WHERE id = (SELECT min(id) FROM posting WHERE claim_id IS NOT NULL AND currency = 'SEK');

-- check: fee_periods_do_not_overlap

UPDATE fee_period p SET to_on = to_on + 1 WHERE EXISTS (SELECT FROM fee_period q
    WHERE q.after_on = p.to_on AND q.membership_id = p.membership_id AND q.component_id = p.component_id);

-- check: invoice_is_its_parts

UPDATE invoice SET amount = amount + 1 WHERE id = (SELECT min(id) FROM invoice);

DELETE FROM invoice_line WHERE invoice_id = (SELECT max(id) FROM invoice) AND position = 1;

UPDATE claim SET amount = amount + 1 WHERE id = (SELECT min(id) FROM claim);

DELETE FROM claim WHERE id = (SELECT max(id) FROM claim WHERE dunning_level = 0);

UPDATE invoice_line SET amount = amount + 1 WHERE invoice_id = (SELECT id FROM invoice
    WHERE kind = 'credit note' LIMIT 1);

-- check: credits_fit_invoices

UPDATE claim SET credited_amount = credited_amount - 1 WHERE id = (SELECT min(id) FROM claim WHERE credited_amount > 1);

UPDATE invoice_line SET amount = amount + 1 WHERE component_id IS NOT NULL AND invoice_id =
    (SELECT min(id) FROM invoice WHERE kind = 'credit note') AND amount > 0;

UPDATE claim SET ended = NULL, open_amount = 1, credited_amount = amount - 1 WHERE ended = 'credited';

UPDATE claim SET ended = 'paid' WHERE ended = 'credited';

UPDATE invoice_line SET person_id = person_id + 1 WHERE invoice_id =
    (SELECT min(id) FROM invoice WHERE kind = 'credit note');

UPDATE invoice_line SET position = position + 100 WHERE invoice_id =
    (SELECT min(id) FROM invoice WHERE kind = 'credit note');

-- check: credit_note_is_posted

UPDATE posting SET amount = amount + 1 WHERE id = (SELECT min(p.id) FROM posting p JOIN entry e ON e.id = p.entry_id
    AND e.event = 'credit note');

DELETE FROM posting WHERE id = (SELECT max(p.id) FROM posting p JOIN entry e ON e.id = p.entry_id
    AND e.event = 'credit note' WHERE p.component_id IS NOT NULL);

UPDATE entry SET key = 'x' || key WHERE event = 'credit note';

-- check: invoice_numbers

UPDATE number_series SET next_number = next_number + 1 WHERE series = 'invoice';

INSERT INTO number_void (creditor_id, series, number, reason) SELECT creditor_id, 'invoice', number, 'x' FROM
    invoice LIMIT 1;

ALTER TABLE invoice DROP CONSTRAINT uq_invoice_creditor_id_number;
UPDATE invoice SET number = 1 WHERE number = 2;

DELETE FROM number_series WHERE series = 'invoice';

-- check: rows_have_parents

UPDATE invoice_line SET invoice_id = 0 WHERE invoice_id = (SELECT max(id) FROM invoice);

UPDATE posting SET claim_id = 0 WHERE claim_id = (SELECT max(id) FROM claim);

DELETE FROM payment_reference WHERE claim_id = (SELECT max(id) FROM claim);

UPDATE fee_period SET membership_id = 0 WHERE membership_id = (SELECT max(id) FROM membership);

-- check: parts_are_whole

UPDATE claim SET parts = 2 WHERE id = (SELECT max(id) FROM claim);

UPDATE payment_reference SET whole = true WHERE claim_id = (SELECT max(id) FROM claim);

-- check: bank_is_imported_money

UPDATE payment SET amount = amount + 1 WHERE id = (SELECT min(id) FROM payment);

DELETE FROM payment WHERE id = (SELECT min(id) FROM payment);

UPDATE posting SET amount = amount + 1 WHERE id = (SELECT min(id) FROM posting WHERE payment_id IS NOT NULL);

-- check: credit_is_postings

UPDATE credit SET balance = balance + 1;

DELETE FROM credit;

UPDATE credit SET person_id = (SELECT min(id) FROM person)
    WHERE balance = 700 AND creditor_id = (SELECT min(creditor_id) FROM credit);

-- check: payment_is_its_uses

UPDATE payment_case SET unallocated = unallocated + 1 WHERE reason = 'no reference';

UPDATE allocation SET amount = amount + 1 WHERE id = (SELECT min(id) FROM allocation);

DELETE FROM allocation WHERE id = (SELECT min(id) FROM allocation);

-- check: queue_is_unallocated

UPDATE payment_case SET unallocated = 0 WHERE reason = 'no reference';

-- check: unidentified_is_unallocated

UPDATE payment_case SET unallocated = unallocated - 1 WHERE reason = 'no reference';

DELETE FROM payment_case WHERE reason = 'money left';

-- check: allocation_is_posted

UPDATE allocation SET claim_id = (SELECT max(id) FROM claim) WHERE id = (SELECT min(id) FROM allocation);

UPDATE allocation SET person_id = 0 WHERE id = (SELECT min(id) FROM allocation);

UPDATE posting SET amount = amount + 1 WHERE entry_id = (SELECT max(entry_id) FROM allocation);

DELETE FROM allocation WHERE id = (SELECT min(id) FROM allocation);

-- check: payments_have_parents

UPDATE allocation SET payment_id = 0 WHERE id = (SELECT min(id) FROM allocation);

UPDATE payment_case SET payment_id = 0 WHERE payment_id = (SELECT min(payment_id) FROM payment_case);

UPDATE payment SET file_id = 0 WHERE id = (SELECT min(id) FROM payment);

UPDATE payment SET section_id = 0 WHERE id = (SELECT min(id) FROM payment);

UPDATE posting SET payment_id = 0 WHERE id = (SELECT min(id) FROM posting WHERE payment_id IS NOT NULL);

-- check: open_claims_are_claims

UPDATE open_claims_change SET amount = amount + 1 WHERE id = (SELECT min(id) FROM open_claims_change);

DELETE FROM open_claims_change WHERE id = (SELECT min(id) FROM open_claims_change WHERE amount <> 0);

-- check: payment_days_are_payments

UPDATE payment_day SET received = received + 1 WHERE file_id = (SELECT min(file_id) FROM payment_day);

DELETE FROM payment_day WHERE file_id = (SELECT min(file_id) FROM payment_day);

-- check: ledger_days_are_postings

UPDATE ledger_day_change SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_day_change);

DELETE FROM ledger_day_change WHERE id = (SELECT min(id) FROM ledger_day_change);

-- check: account_days_are_payments

UPDATE account_day SET amount = amount + 1 WHERE file_id = (SELECT min(file_id) FROM account_day);

DELETE FROM account_day WHERE file_id = (SELECT min(file_id) FROM account_day);

-- check: settlement_is_posted

UPDATE settlement SET amount = amount + 1 WHERE id = (SELECT min(id) FROM settlement);

UPDATE settlement SET settled_before = settled_before + 1 WHERE id = (SELECT min(id) FROM settlement);

UPDATE settlement_line SET amount = amount - 1;

DELETE FROM settlement_line;

-- check: settlement_is_received

UPDATE settlement SET amount = amount + 1 WHERE received_id IS NOT NULL;

UPDATE settlement SET received_id = NULL;

UPDATE settlement SET receiver_id = creditor_id;

UPDATE posting SET amount = amount + 1 WHERE entry_id IN (SELECT received_id FROM settlement);

DELETE FROM posting WHERE entry_id IN (SELECT received_id FROM settlement);

UPDATE entry SET key = 'share:0' WHERE event = 'share';

-- check: sold_lines_are_posted

UPDATE invoice_line SET account_id = (SELECT min(id) FROM account) WHERE component_id IS NULL AND amount > 0;

UPDATE posting SET amount = amount + 1 WHERE claim_id IN (SELECT c.id FROM claim c JOIN invoice_line l ON
    l.invoice_id = c.invoice_id AND l.component_id IS NULL);

DELETE FROM posting WHERE debit_account_id IN (SELECT id FROM account WHERE role = 'income') AND claim_id IN (SELECT
    c.id FROM claim c JOIN invoice_line l ON l.invoice_id = c.invoice_id AND l.component_id IS NULL);

-- check: aside_is_posted

UPDATE payment_aside SET amount = amount + 1;

UPDATE payment_aside SET account_id = (SELECT min(id) FROM account);

DELETE FROM posting WHERE entry_id IN (SELECT entry_id FROM payment_aside);

-- check: refunds_are_posted

UPDATE refund SET amount = amount + 1 WHERE id = (SELECT min(id) FROM refund);

UPDATE refund SET state = 'cancelled', ended_on = on_date;

-- check: credit_use_is_posted

UPDATE credit_use SET amount = amount + 1;

UPDATE credit_use SET person_id = (SELECT min(id) FROM person WHERE id <> person_id);

DELETE FROM credit_use;

-- check: gifts_are_posted

UPDATE gift SET amount = amount + 1;

UPDATE fund SET account_id = (SELECT min(id) FROM account);
