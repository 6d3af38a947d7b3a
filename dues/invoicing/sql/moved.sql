-- What became of the invoices that somebody was shown, now that the preview was made anew; due days that moved with
-- the day of the run (by :shift days) are no difference of their own.
SELECT count(*) FILTER (WHERE i.membership_id IS NULL) AS gone,
    count(*) FILTER (WHERE seen.membership_id IS NULL) AS new,
    count(*) FILTER (WHERE (i.amount, i.currency) <> (seen.amount, seen.currency)) AS price,
    count(*) FILTER (WHERE (i.amount, i.currency) = (seen.amount, seen.currency)
        AND (i.payer_id, i.payee_id, i.period_from, i.period_to, i.due_on, i.channel, i.lines)
            <> (seen.payer_id, seen.payee_id, seen.period_from, seen.period_to, seen.due_on + cast(:shift AS int),
                seen.channel, seen.lines)) AS other
FROM seen_item seen
FULL JOIN (
    SELECT i.membership_id, i.payer_id, i.payee_id, i.period_from, i.period_to, i.due_on, i.amount, i.currency,
        i.channel, class.lines
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
) i ON i.membership_id = seen.membership_id
