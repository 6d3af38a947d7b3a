-- How many waiting payments a rule that is still being written would fit, counted up to some.
SELECT count(*)
FROM (
    SELECT
    FROM payment_case c
    JOIN payment p ON p.id = c.payment_id
    WHERE c.creditor_id = :creditor AND c.closed_at IS NULL
        AND c.reason IN ('no reference', 'unknown reference', 'money left')
        AND c.unallocated <> 0 AND c.unallocated = p.amount
        AND (p.payer_account = nullif(:key, '') OR :phrase <> '' AND strpos(c.search_key, :phrase) > 0)
    LIMIT :most
) fitting
