-- What the books held through a closed day is what they hold now: nothing came on or before it since.
SELECT count(*)
FROM books_closed b
CROSS JOIN LATERAL (
    SELECT count(DISTINCT e.id) AS entries, count(p.id) AS postings, coalesce(sum(p.amount), 0) AS amount
    FROM entry e LEFT JOIN posting p ON p.entry_id = e.id
    WHERE e.creditor_id = b.creditor_id AND e.on_date <= b.through
) now
WHERE (b.entries, b.postings, b.amount) IS DISTINCT FROM (now.entries, now.postings, now.amount)
