-- Judges what one rule has found. Ways: `one` is certain where nothing else is open that it points to, and exactly
-- this amount is; `fit` where of what is open one claim has this amount; `sum` where all that is open is this amount
-- together; `split` shares the payment by the amounts given or, without any, lets it fall on the claims, the oldest first; `name`
-- never is. A number that may mean something else is not certain either.
INSERT INTO match_hit (payment_id, claim_id, rule, place, amount, open_amount, certain, doubt, evidence)
WITH once AS (
    SELECT DISTINCT ON (payment_id, claim_id) * FROM match_found ORDER BY payment_id, claim_id, weak, evidence
),
owed AS (
    SELECT o.*, w.amount,
        count(o.open_amount) OVER each AS fitting,
        count(*) FILTER (WHERE o.open_amount = w.amount) OVER each AS exact,
        coalesce(sum(o.open_amount) OVER each, 0) AS total,
        coalesce(sum(o.open_amount) OVER (each ORDER BY o.due_on, o.claim_id), 0) - coalesce(o.open_amount, 0)
            AS begins,
        bool_or(o.weak) OVER each AS any_weak,
        count(o.given) OVER each AS amounts,
        bool_and(o.given BETWEEN 1 AND coalesce(o.open_amount, 0)) OVER each AS room,
        sum(o.given) OVER each AS given_in_all,
        count(*) OVER each AS known
    FROM once o
    JOIN match_waiting w ON w.payment_id = o.payment_id
    WINDOW each AS (PARTITION BY o.payment_id)
),
judged AS (
    SELECT owed.*,
        known < asked AS incomplete,
        CASE
            WHEN way = 'split' AND amounts > 0 THEN given
            WHEN way = 'split' THEN least(open_amount, amount - begins)
            ELSE open_amount
        END AS share,
        CASE way
            WHEN 'one' THEN fitting = 1 AND open_amount = amount AND NOT any_weak
            WHEN 'fit' THEN exact = 1 AND NOT any_weak
            WHEN 'sum' THEN total = amount AND NOT any_weak
            WHEN 'split' THEN known = coalesce(asked, known) AND CASE
                WHEN amounts = 0 THEN amount <= total
                ELSE amounts = known AND room AND given_in_all = amount
            END
            ELSE false
        END AS certain
    FROM owed
)
SELECT payment_id, claim_id, :rule, :place, share, open_amount, certain,
    CASE
        WHEN certain THEN NULL
        WHEN incomplete THEN 'incomplete'
        WHEN any_weak THEN 'weak'
        WHEN fitting > 1 THEN 'several fit'
        ELSE 'other amount'
    END,
    evidence
FROM judged
WHERE open_amount IS NOT NULL
    -- Of several claims of one person the one that fits; of namesakes those who owe this.
    AND (NOT (way = 'fit' AND certain OR way = 'name') OR open_amount = amount)
    AND (way <> 'split' OR NOT certain OR share > 0)
