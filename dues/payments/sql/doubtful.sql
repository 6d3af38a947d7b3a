-- What a person should look at before relying on a file: payments left out because one that is alike in everything
-- came in an earlier file, where the bank gave neither a number of its own ("~" stands in the key for the content);
-- and payments booked on a later day than today.
SELECT
    count(*) FILTER (WHERE strpos(i.key, '|~') > 0 AND p.file_id <> :file) AS alike,
    count(*) FILTER (WHERE i.booked_on > cast(:on AS date)) AS ahead
FROM (
    SELECT *, row_number() OVER (PARTITION BY agreement_id, key ORDER BY ordinal) AS occurrence FROM incoming
) i
LEFT JOIN payment p ON p.agreement_id = i.agreement_id AND p.key = i.key AND p.occurrence = i.occurrence
