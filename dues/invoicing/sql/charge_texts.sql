-- Freezes what the lines of a table say; equal texts are one row.
INSERT INTO frozen_text (content, digest)
SELECT DISTINCT ON (digest) content, digest FROM charge_row
ON CONFLICT (digest) DO NOTHING
