-- The status of every membership is the last one of its history.
SELECT count(*)
FROM membership m
LEFT JOIN (
    SELECT DISTINCT ON (membership_id) membership_id, status
    FROM membership_status
    ORDER BY membership_id, id DESC
) last ON last.membership_id = m.id
WHERE last.status IS DISTINCT FROM m.status
