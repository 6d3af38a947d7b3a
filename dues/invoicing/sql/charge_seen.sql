-- Keeps what somebody was shown of a run's invoices, before its preview is made anew. `lines` stands for all that they
-- say, cost and book.
CREATE TEMPORARY TABLE seen_charge ON COMMIT DROP AS
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
