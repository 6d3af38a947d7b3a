-- How many payments of a slice each rule has found for certain.
SELECT rule, count(DISTINCT payment_id) AS payments FROM match_hit WHERE certain GROUP BY rule
