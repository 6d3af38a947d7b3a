-- Keeps what somebody was shown of a run's invoices, before its preview is made anew. `lines` stands for the lines of
-- the price class: what they say, cost and book.
CREATE TEMPORARY TABLE seen_item ON COMMIT DROP AS
SELECT i.membership_id, i.payer_id, i.payee_id, i.period_from, i.period_to, i.due_on, i.amount, i.currency, i.channel,
    class.lines
FROM invoice_item i
JOIN (
    SELECT class_number, hashtextextended(string_agg(
        concat_ws(' ', component_id, beneficiary_id, amount, text_id, debit_account_id, credit_account_id),
        ', ' ORDER BY position), 0) AS lines
    FROM price_class_line
    WHERE run_id = :run
    GROUP BY class_number
) class ON class.class_number = i.class_number
WHERE i.run_id = :run AND i.state = 'ready'
