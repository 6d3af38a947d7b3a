-- What was done by itself on the newest day on which anything was, and bank files of that day, newest first.
WITH newest AS (
    SELECT max(business_day) AS day
    FROM run
    WHERE params ->> 'memberships' IS NULL AND business_day BETWEEN cast(:on AS date) - 1 AND cast(:on AS date)
        AND actor = 'job:automatic'
)
SELECT run.uuid, run.kind, run.state, run.business_day, run.total, run.done, run.result, run.error, file.name,
    (SELECT count(*) FROM (SELECT FROM run_error e WHERE e.run_id = run.id LIMIT :most) e) AS unwritten
FROM newest
JOIN run ON run.business_day = newest.day
LEFT JOIN bank_file file ON run.kind = 'bank import' AND file.id = (run.params ->> 'file')::bigint
WHERE run.params ->> 'memberships' IS NULL AND run.actor = 'job:automatic'
ORDER BY run.id DESC
LIMIT :rows
