-- The run that a preview is compared with: over the same groups, about a year earlier (of those within a month the
-- largest, for most days charge few); where there is none, the last one that issued anything.
SELECT r.id
FROM run r
WHERE r.kind = 'invoices' AND r.state = 'done' AND (r.params ->> 'membership') IS NULL
    AND r.params ->> 'scope' = :scope AND (r.result ->> 'issued')::bigint > 0 AND r.id <> :run
ORDER BY abs(r.business_day - (cast(:on AS date) - 365)) <= 31 DESC,
    CASE WHEN abs(r.business_day - (cast(:on AS date) - 365)) <= 31 THEN (r.result ->> 'issued')::bigint END DESC,
    r.id DESC
LIMIT 1
