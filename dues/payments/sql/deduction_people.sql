-- What a list says of each person beside what they owe: the lines of one person together, then the lines that mean nobody,
-- then who stood on the last list of the same payer, still owes and is not on this one. Exact ones are counted alone.
WITH listed AS MATERIALIZED (
    SELECT person_id, CASE WHEN person_id IS NULL THEN position END AS alone, min(position) AS position,
        min(number) AS number, min(called) AS called, sum(amount)::bigint AS amount
    FROM deduction_line
    WHERE payment_id = :payment
    GROUP BY person_id, CASE WHEN person_id IS NULL THEN position END
),
last_list AS MATERIALIZED (
    SELECT DISTINCT d.person_id
    FROM deduction_line d
    WHERE d.payment_id = (
        SELECT max(p.id)
        FROM payment this
        JOIN payment p ON p.creditor_id = this.creditor_id AND p.id < this.id
            AND (p.payer_account = this.payer_account OR p.payer_account IS NULL AND p.payer_name = this.payer_name)
        WHERE this.id = :payment AND EXISTS (SELECT FROM deduction_line e WHERE e.payment_id = p.id)
    ) AND d.person_id IS NOT NULL
),
people AS (
    SELECT person_id, position, number, called, amount FROM listed
    UNION ALL
    SELECT l.person_id, 2147483647, '', '', 0
    FROM last_list l
    WHERE l.person_id NOT IN (SELECT person_id FROM listed WHERE person_id IS NOT NULL)
),
owed AS (
    SELECT k.debtor_id, sum(k.open_amount)::bigint AS amount
    FROM claim k
    WHERE k.debtor_id IN (SELECT person_id FROM people) AND k.creditor_id = :creditor AND k.currency = :currency
        AND k.ended IS NULL
    GROUP BY k.debtor_id
),
judged AS (
    SELECT people.*, coalesce(owed.amount, 0) AS open_amount,
        CASE
            WHEN people.person_id IS NULL THEN 'unknown'
            WHEN people.amount = 0 THEN 'missing'
            WHEN owed.amount IS NULL THEN 'owes nothing'
            WHEN people.amount < owed.amount THEN 'too little'
            WHEN people.amount > owed.amount THEN 'too much'
            ELSE 'exact'
        END AS finding
    FROM people
    LEFT JOIN owed ON owed.debtor_id = people.person_id
)
SELECT j.finding, j.position, j.number, j.called, j.amount, j.open_amount, p.uuid AS person,
    ltrim(p.given_name || ' ' || p.family_name) AS name, count(*) OVER w AS people, sum(j.amount) OVER w AS sum,
    row_number() OVER (w ORDER BY j.position, p.id) AS nth
FROM judged j
LEFT JOIN person p ON p.id = j.person_id
WHERE NOT (j.finding = 'missing' AND j.open_amount = 0)
WINDOW w AS (PARTITION BY j.finding)
ORDER BY j.finding, j.position, p.id
