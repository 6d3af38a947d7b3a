-- The lines of the invoices that would be written, in their order; of those left out, as many as can be shown.
INSERT INTO charge_line (run_id, seq, position, person_id, product_id, text_id, quantity, unit_price, vat_rate,
    debit_account_id, account_id, amount)
SELECT :run, seq, position, person_id, product_id, text_id, quantity, unit_price, vat_rate, debit_account_id,
    account_id, least(greatest(amount, -9e18), 9e18)::bigint
FROM (
    SELECT i.seq, l.*, row_number() OVER (PARTITION BY i.seq ORDER BY l.place) AS position
    FROM charge_priced l
    JOIN charge_item i ON i.run_id = :run AND i.person_id = l.person_id AND i.group_id = l.group_id
        AND i.due_on = l.due_on AND i.printed = l.printed
) line
WHERE position <= cast(:most_lines AS bigint)
