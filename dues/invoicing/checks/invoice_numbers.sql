-- Invoice numbers have no gap and no double: those used, those void and those a run still holds make up the series.
SELECT count(*)
FROM creditor
LEFT JOIN number_series s ON s.creditor_id = creditor.id AND s.series = 'invoice'
LEFT JOIN (SELECT creditor_id, count(DISTINCT number) AS n, min(number) AS lowest, max(number) AS highest
           FROM invoice GROUP BY creditor_id) used ON used.creditor_id = creditor.id
LEFT JOIN (SELECT v.creditor_id, count(*) AS n, count(i.id) AS twice
           FROM number_void v
           LEFT JOIN invoice i ON i.creditor_id = v.creditor_id AND i.number = v.number
           WHERE v.series = 'invoice' GROUP BY v.creditor_id) void ON void.creditor_id = creditor.id
LEFT JOIN (SELECT creditor_id, sum(survivors) AS n FROM run_slice
           WHERE state IN ('planned', 'claimed') AND number_from IS NOT NULL GROUP BY creditor_id) held
    ON held.creditor_id = creditor.id
WHERE coalesce(s.next_number, 1) - 1 <> coalesce(used.n, 0) + coalesce(void.n, 0) + coalesce(held.n, 0)
    OR coalesce(void.twice, 0) > 0 OR used.lowest < 1 OR used.highest >= s.next_number
