-- Where the chain ends: by its head, which is kept apart, by its last link, and by what waits; and lines that waited
-- and are not there any more.
SELECT h.seq, h.hash,
    (SELECT max(seq) FROM audit_chain) AS last_link,
    (SELECT k.hash FROM audit_chain k WHERE k.seq = h.seq) AS hash_there,
    (SELECT max(id) FROM audit_change) AS last_line,
    (SELECT count(*) FROM audit_waiting) AS waiting,
    (SELECT min(w.change_id) FROM audit_waiting w LEFT JOIN audit_change c ON c.id = w.change_id
     WHERE c.id IS NULL) AS lost
FROM audit_head h
