-- Sets aside which claims the credit of their debtors pays, the one that is due first before the next; what is held, or
-- where somebody took such a use back, is left alone. The claims are locked in the order of their ids, so that they stay as they are read here.
CREATE TEMPORARY TABLE spendable ON COMMIT DROP AS
WITH mine AS MATERIALIZED (
    SELECT k.person_id, k.balance
    FROM credit k
    WHERE k.creditor_id = :creditor AND k.currency = :currency AND k.balance > 0
        AND EXISTS (
            SELECT FROM claim c
            WHERE c.debtor_id = k.person_id AND c.creditor_id = k.creditor_id AND c.currency = k.currency
                AND c.ended IS NULL AND c.hold_reason IS NULL
                AND NOT EXISTS (SELECT FROM credit_use u WHERE u.claim_id = c.id AND u.reverses_id IS NOT NULL))
    ORDER BY k.person_id
    LIMIT :most
),
owed AS MATERIALIZED (
    SELECT c.id, c.debtor_id, c.open_amount, c.due_on, c.invoice_id, mine.balance
    FROM mine
    JOIN claim c ON c.debtor_id = mine.person_id
    WHERE c.creditor_id = :creditor AND c.currency = :currency AND c.ended IS NULL AND c.hold_reason IS NULL
        AND NOT EXISTS (SELECT FROM credit_use u WHERE u.claim_id = c.id AND u.reverses_id IS NOT NULL)
    ORDER BY c.id
    FOR NO KEY UPDATE OF c
)
SELECT claim_id, person_id, invoice_id, least(open_amount, balance - begins) AS amount
FROM (
    SELECT id AS claim_id, debtor_id AS person_id, invoice_id, open_amount, balance,
        sum(open_amount) OVER (PARTITION BY debtor_id ORDER BY due_on, id) - open_amount AS begins
    FROM owed
) laid
WHERE begins < balance
