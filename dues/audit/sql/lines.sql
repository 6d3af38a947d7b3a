-- What stands outside the chain within a stretch of lines: a line that neither is chained nor waits for it.
SELECT c.id
FROM audit_change c
LEFT JOIN audit_chain k ON k.change_id = c.id
LEFT JOIN audit_waiting w ON w.change_id = c.id
WHERE c.id BETWEEN :first AND :last AND k.change_id IS NULL AND w.change_id IS NULL
ORDER BY c.id
LIMIT :most
