-- What became of the invoices that somebody was shown, now that the preview was made anew; due days that moved with
-- the day of the run (by :shift days) are no difference of their own. See seen.sql for `lines`.
WITH class AS MATERIALIZED (
    SELECT ARRAY(
        SELECT coalesce(hashtextextended(string_agg(
            concat_ws(' ', l.component_id, l.beneficiary_id, l.amount, l.text_id, l.debit_account_id,
                l.credit_account_id, l.formula), ', ' ORDER BY l.position), 0), 0)
        FROM price_class c
        LEFT JOIN price_class_line l ON l.run_id = c.run_id AND l.class_number = c.number
        WHERE c.run_id = :run
        GROUP BY c.number
        ORDER BY c.number
    ) AS lines
),
item AS (
    SELECT membership_id, payer_id, payee_id, period_from, period_to, due_on, amount, currency, channel,
        coalesce(rule_id, 0) AS rule_id, joint_seq IS NOT NULL AS joint,
        (SELECT lines FROM class)[class_number] AS lines
    FROM invoice_item
    WHERE run_id = :run AND state = 'ready'
)
SELECT count(*) FILTER (WHERE i.membership_id IS NULL) AS gone,
    count(*) FILTER (WHERE seen.membership_id IS NULL) AS new,
    count(*) FILTER (WHERE (i.amount, i.currency) <> (seen.amount, seen.currency)) AS price,
    count(*) FILTER (WHERE (i.amount, i.currency) = (seen.amount, seen.currency)
        AND (i.payer_id, i.payee_id, i.period_from, i.period_to, i.due_on, i.channel, i.lines, i.rule_id, i.joint)
            <> (seen.payer_id, seen.payee_id, seen.period_from, seen.period_to, seen.due_on + cast(:shift AS int),
                seen.channel, seen.lines, seen.rule_id, seen.joint)) AS other
FROM seen_item seen
FULL JOIN item i ON i.membership_id = seen.membership_id
