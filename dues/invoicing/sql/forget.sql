-- Deletes what a preview wrote, so that it can be made anew.
WITH lines AS (DELETE FROM price_class_line WHERE run_id = :run),
classes AS (DELETE FROM price_class WHERE run_id = :run)
DELETE FROM invoice_item WHERE run_id = :run
