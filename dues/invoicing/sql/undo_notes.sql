-- Writes the credit notes of a slice of an undoing, with a block of numbers of their own. The last statement of its slice:
-- only until the commit that follows does anybody wait for the counter, and no number is taken that is not used.
WITH item AS MATERIALIZED (
    SELECT seq, invoice_id, note_id, row_number() OVER (ORDER BY seq) - 1 AS place, count(*) OVER () AS items
    FROM undo_item
    WHERE run_id = :run AND seq BETWEEN :first AND :last AND state = 'ready'
),
taken AS (
    INSERT INTO number_series (creditor_id, series, next_number)
    SELECT :creditor, 'invoice', 1 + count(*) FROM item HAVING count(*) > 0
    ON CONFLICT (creditor_id, series) DO UPDATE
        SET next_number = number_series.next_number + excluded.next_number - 1
    RETURNING next_number
),
notes AS (
    INSERT INTO invoice (id, kind, creditor_id, group_id, number, payer_id, payee_id, issued_on, due_on, amount, currency,
        language, payer_name, payer_street, payer_postcode, payer_city, payer_country, run_id, item_seq, credits_id)
    SELECT item.note_id, 'credit note', i.creditor_id, i.group_id, taken.next_number - item.items + item.place,
        i.payer_id, i.payee_id, cast(:on AS date), cast(:on AS date), i.amount, i.currency, i.language, i.payer_name,
        i.payer_street, i.payer_postcode, i.payer_city, i.payer_country, :run, item.seq, i.id
    FROM item
    CROSS JOIN taken
    JOIN invoice i ON i.id = item.invoice_id
    ORDER BY item.seq
    RETURNING amount
)
SELECT count(*), coalesce(sum(amount), 0) FROM notes
