-- Takes held payments out of the queue that rules say are not ours, for the reason by which the rule knows them; where a
-- rule means somebody, too, none holds.
WITH fits AS MATERIALIZED (
    SELECT c.payment_id, c.unallocated, p.value_on, p.payer_name, p.payer_account, min(r.id) AS rule_id
    FROM payment_case c
    JOIN payment p ON p.id = c.payment_id
    JOIN payer_rule r ON r.creditor_id = :creditor AND r.active
        AND (r.payer_account = p.payer_account OR r.words <> '' AND strpos(c.search_key, r.words) > 0)
    WHERE c.payment_id = ANY (:payments) AND c.closed_at IS NULL
    GROUP BY c.payment_id, c.unallocated, p.value_on, p.payer_name, p.payer_account
    HAVING count(r.person_id) = 0
),
aside AS (
    INSERT INTO payment_aside (payment_id, creditor_id, purpose, amount, currency, account_id, reason, payer_name,
        payer_account, on_date, entry_id, actor)
    SELECT payment_id, :creditor, 'not ours', unallocated, :currency, cast(:account AS bigint),
        (SELECT coalesce(r.payer_account, r.words) FROM payer_rule r WHERE r.id = rule_id), payer_name, payer_account,
        cast(:books_on AS date), :entry, :actor
    FROM fits
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        payment_id)
    SELECT :entry, cast(CASE WHEN unallocated > 0 THEN :unidentified ELSE :account END AS bigint),
        cast(CASE WHEN unallocated > 0 THEN :account ELSE :unidentified END AS bigint), abs(unallocated), :currency,
        cast(:books_on AS date), value_on, payment_id
    FROM fits
),
closed AS (
    UPDATE payment_case SET unallocated = 0, closed_at = now(), closed_by = :actor
    FROM fits
    WHERE payment_case.payment_id = fits.payment_id
)
SELECT count(*) AS booked FROM fits
