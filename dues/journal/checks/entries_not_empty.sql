-- Every entry has postings.
SELECT count(*) FROM entry e LEFT JOIN (SELECT DISTINCT entry_id FROM posting) p ON p.entry_id = e.id
WHERE p.entry_id IS NULL
