-- What became of the invoices that somebody was shown before undoing a run: which cannot be credited any more, and which
-- can be by now.
SELECT count(*) FILTER (WHERE shown.state = 'ready' AND now.reason IS NOT NULL) AS gone,
    count(*) FILTER (WHERE shown.state IS DISTINCT FROM 'ready' AND now.reason IS NULL) AS new
FROM undoable now
LEFT JOIN undo_item shown ON shown.run_id = :run AND shown.invoice_id = now.invoice_id
