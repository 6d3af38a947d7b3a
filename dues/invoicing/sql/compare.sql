-- Compares a preview with an earlier run (:before) over the same groups, membership by membership: new, gone, and at
-- another price. Writes the sums; returns a few of each to look at, and the commonest steps from one price to another.
WITH differs AS MATERIALIZED (
    SELECT currency, i.seq, i.amount, earlier.seq AS seq_before, earlier.amount AS amount_before
    FROM (SELECT membership_id, currency, seq, amount FROM invoice_item
          WHERE run_id = :run AND state = 'ready') i
    FULL JOIN (SELECT e.membership_id, e.currency, e.seq, e.amount FROM invoice_item e
               JOIN groups g ON g.id = e.group_id AND g.path ^@ cast(:scope AS text)
               WHERE e.run_id = :before AND e.state = 'ready') earlier USING (membership_id, currency)
    WHERE i.amount IS DISTINCT FROM earlier.amount
),
summed AS (
    INSERT INTO run_sum (run_id, axis, currency, items, amount)
    SELECT :run, CASE WHEN amount_before IS NULL THEN 'new' WHEN amount IS NULL THEN 'gone' ELSE 'changed' END AS axis,
        currency, count(*), sum(coalesce(amount, 0) - coalesce(amount_before, 0))
    FROM differs
    GROUP BY axis, currency
)
SELECT jsonb_build_object(
    'new', (SELECT coalesce(jsonb_agg(seq), '[]') FROM (
        SELECT seq FROM differs WHERE amount_before IS NULL ORDER BY seq LIMIT cast(:size AS bigint)) few),
    'gone', (SELECT coalesce(jsonb_agg(seq_before), '[]') FROM (
        SELECT seq_before FROM differs WHERE amount IS NULL ORDER BY seq_before LIMIT cast(:size AS bigint)) few),
    'changed', (SELECT coalesce(jsonb_agg(jsonb_build_array(seq, amount_before)), '[]') FROM (
        SELECT seq, amount_before FROM differs WHERE amount IS NOT NULL AND amount_before IS NOT NULL
        ORDER BY seq LIMIT cast(:size AS bigint)) few),
    'steps', (SELECT coalesce(jsonb_agg(jsonb_build_array(currency, amount_before, amount, items)), '[]') FROM (
        SELECT currency, amount_before, amount, count(*) AS items FROM differs
        WHERE amount IS NOT NULL AND amount_before IS NOT NULL
        GROUP BY currency, amount_before, amount ORDER BY items DESC, currency, amount_before, amount LIMIT 10) few)
)
