-- Settles with held payments the oldest claims of exactly their amounts that the persons owe whom rules mean; where rules
-- mean several, or somebody and nobody, none holds. As in `book.sql` to settle is to look.
WITH fits AS MATERIALIZED (
    SELECT c.payment_id, c.unallocated, p.value_on, min(r.person_id) AS person_id
    FROM payment_case c
    JOIN payment p ON p.id = c.payment_id
    JOIN payer_rule r ON r.creditor_id = :creditor AND r.active
        AND (r.payer_account = p.payer_account OR r.words <> '' AND strpos(c.search_key, r.words) > 0)
    WHERE c.payment_id = ANY (:payments)
    GROUP BY c.payment_id, c.unallocated, p.value_on
    HAVING count(*) = count(r.person_id) AND min(r.person_id) = max(r.person_id)
),
meant AS MATERIALIZED (
    -- Of two payments alike the second settles the second claim alike.
    SELECT each.payment_id, each.unallocated, each.value_on, owed.claim_id
    FROM (
        SELECT fits.*, row_number() OVER (PARTITION BY person_id, unallocated ORDER BY payment_id) AS nth FROM fits
    ) each
    JOIN (
        SELECT k.id AS claim_id, k.debtor_id, k.open_amount,
            row_number() OVER (PARTITION BY k.debtor_id, k.open_amount ORDER BY k.due_on, k.id) AS nth
        FROM claim k
        WHERE k.debtor_id IN (SELECT person_id FROM fits) AND k.creditor_id = :creditor AND k.currency = :currency
            AND k.ended IS NULL
    ) owed ON owed.debtor_id = each.person_id AND owed.open_amount = each.unallocated AND owed.nth = each.nth
    ORDER BY owed.claim_id
),
settled AS (
    UPDATE claim SET open_amount = 0, ended = 'paid', ended_on = cast(:on AS date)
    FROM meant
    WHERE claim.id = meant.claim_id AND claim.ended IS NULL AND claim.open_amount = meant.unallocated
    RETURNING meant.payment_id, meant.unallocated AS amount, meant.value_on, claim.id AS claim_id, claim.debtor_id,
        claim.invoice_id
),
matched AS MATERIALIZED (
    SELECT settled.*, nextval('allocation_id_seq') AS allocation_id FROM settled
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, payment_id, claim_id, debtor_id, amount, :currency, cast(:books_on AS date), :entry, :actor
    FROM matched
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, cast(:unidentified AS bigint), cast(:receivable AS bigint), amount, :currency,
        cast(:books_on AS date), value_on, claim_id, payment_id, debtor_id
    FROM matched
),
closed AS (
    UPDATE payment_case SET unallocated = 0, closed_at = now(), closed_by = :actor
    FROM matched
    WHERE payment_case.payment_id = matched.payment_id
)
SELECT count(*) AS booked, min(allocation_id) AS wrote_from, max(allocation_id) AS wrote_to,
    min(payment_id) AS first, max(payment_id) AS last, array_agg(DISTINCT invoice_id) AS invoices
FROM matched
