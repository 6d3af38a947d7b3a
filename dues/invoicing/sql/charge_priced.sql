-- What each wanted line costs and where it is booked, in the books of its group's creditor; a product's own price, VAT
-- and rule where the line brings none. A free line earns only on a revenue account of that creditor; what is taken in may
-- be booked on its opening balance.
CREATE TEMPORARY TABLE charge_priced ON COMMIT DROP AS
WITH receivable AS MATERIALIZED (
    SELECT a.creditor_id, min(a.id) AS account_id
    FROM account a
    JOIN creditor c ON c.id = a.creditor_id AND c.currency = a.currency
    WHERE a.role = 'receivable'
    GROUP BY a.creditor_id
),
line AS (
    SELECT w.place, w.person_id, w.group_id, w.product_id, w.text_id, w.quantity, w.printed,
        g.creditor_id, creditor.currency,
        coalesce(w.due_on, cast(:on AS date) + coalesce(creditor.payment_days, 0)::int) AS due_on,
        coalesce(w.unit_price, price.amount, 0) AS unit_price,
        coalesce(w.vat_rate, product.vat_rate, 0::smallint) AS vat_rate,
        CASE WHEN w.account_id IS NULL THEN rule.debit_account_id ELSE receivable.account_id END AS debit_account_id,
        CASE WHEN w.account_id IS NULL THEN rule.credit_account_id ELSE own.id END AS account_id,
        coalesce(w.reason,
            CASE WHEN product.id IS NOT NULL AND (NOT product.active OR NOT starts_with(g.path, home.path))
                     THEN 'not sold here'
                 WHEN w.unit_price IS NULL AND price.amount IS NULL THEN 'no price' END) AS reason
    FROM charge_wanted w
    JOIN groups g ON g.id = w.group_id
    LEFT JOIN creditor ON creditor.id = g.creditor_id
    LEFT JOIN product ON product.id = w.product_id
    LEFT JOIN groups home ON home.id = product.group_id
    LEFT JOIN product_price price ON price.product_id = w.product_id AND price.currency = creditor.currency
    LEFT JOIN posting_rule rule ON rule.creditor_id = g.creditor_id AND rule.event = 'issue'
        AND rule.product_id = w.product_id AND rule.currency IS NULL
    LEFT JOIN receivable ON receivable.creditor_id = g.creditor_id
    LEFT JOIN account own ON own.id = w.account_id AND own.creditor_id = g.creditor_id
        AND (own.role = 'income' OR own.role = 'opening' AND w.printed <> '')
        AND own.currency = creditor.currency
)
-- Numeric until it is judged: what no invoice may ask for may be more than a bigint holds.
SELECT line.*, round(quantity * unit_price) AS amount FROM line
