-- The preview of undoing a run: one row for each invoice that would be credited, those left alone last, with the reason.
-- The id of each note is taken with its row, so that lines and messages can be written before notes have numbers.
INSERT INTO undo_item (run_id, seq, invoice_id, note_id, creditor_id, group_id, amount, currency, channel, state, reason)
SELECT :run, row_number() OVER (ORDER BY reason IS NOT NULL, creditor_id, number), invoice_id,
    CASE WHEN reason IS NULL THEN nextval('invoice_id_seq') END, creditor_id, group_id, amount, currency, channel,
    CASE WHEN reason IS NULL THEN 'ready' ELSE 'excluded' END, reason
FROM undoable
