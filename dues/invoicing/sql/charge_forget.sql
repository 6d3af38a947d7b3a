-- Deletes what a preview wrote, so that it can be made anew.
WITH lines AS (DELETE FROM charge_line WHERE run_id = :run)
DELETE FROM charge_item WHERE run_id = :run
