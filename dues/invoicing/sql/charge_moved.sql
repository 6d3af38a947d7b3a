-- What became of the invoices that somebody was shown, now that the preview was made anew; due days that moved with the
-- day of the run (by :shift days) are no difference of their own.
WITH item AS (
    SELECT i.person_id, i.group_id, i.due_on, i.payer_id, i.payee_id, i.amount, i.currency, i.channel, l.lines,
        row_number() OVER (PARTITION BY i.person_id, i.group_id ORDER BY i.due_on, i.printed) AS nth
    FROM charge_item i
    JOIN (
        SELECT seq, hashtextextended(string_agg(
            concat_ws(' ', product_id, text_id, quantity, unit_price, vat_rate, debit_account_id, account_id), ', '
            ORDER BY position), 0) AS lines
        FROM charge_line
        WHERE run_id = :run
        GROUP BY seq
    ) l ON l.seq = i.seq
    WHERE i.run_id = :run AND i.state = 'ready'
)
SELECT count(*) FILTER (WHERE i.person_id IS NULL) AS gone,
    count(*) FILTER (WHERE seen.person_id IS NULL) AS new,
    count(*) FILTER (WHERE (i.amount, i.currency) <> (seen.amount, seen.currency)) AS price,
    count(*) FILTER (WHERE (i.amount, i.currency) = (seen.amount, seen.currency)
        AND ((i.payer_id, i.payee_id, i.channel, i.lines) <> (seen.payer_id, seen.payee_id, seen.channel, seen.lines)
            OR i.due_on NOT IN (seen.due_on, seen.due_on + cast(:shift AS int)))) AS other
FROM seen_charge seen
FULL JOIN item i ON i.person_id = seen.person_id AND i.group_id = seen.group_id AND i.nth = seen.nth
