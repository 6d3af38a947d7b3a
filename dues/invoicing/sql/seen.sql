-- Keeps what somebody was shown of a run's invoices, before its preview is made anew. `lines` stands for the lines of
-- the price class: what they say, cost and book. Classes are numbered from one without a gap, so that an array finds
-- them whatever the planner believes of rows that were written a moment ago.
CREATE TEMPORARY TABLE seen_item ON COMMIT DROP AS
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
)
SELECT membership_id, payer_id, payee_id, period_from, period_to, due_on, amount, currency, channel,
    coalesce(rule_id, 0) AS rule_id, joint_seq IS NOT NULL AS joint,
    (SELECT lines FROM class)[class_number] AS lines
FROM invoice_item
WHERE run_id = :run AND state = 'ready'
