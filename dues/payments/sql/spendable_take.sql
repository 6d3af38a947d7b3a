-- Takes the credit that was set aside; whose credit has been used for something else meanwhile is left out.
WITH taken AS (
    UPDATE credit SET balance = credit.balance - wanted.amount
    FROM (SELECT person_id, sum(amount) AS amount FROM spendable GROUP BY person_id) wanted
    WHERE credit.creditor_id = :creditor AND credit.currency = :currency AND credit.person_id = wanted.person_id
        AND credit.balance >= wanted.amount
    RETURNING credit.person_id
),
gone AS (
    DELETE FROM spendable WHERE person_id NOT IN (SELECT person_id FROM taken)
)
SELECT count(*) FROM taken
