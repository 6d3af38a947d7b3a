-- Books what was found for certain: payments and claims are locked, and as they were seen. What was not identified is
-- now what was owed; each allocation keeps by which rule, and what told it.
WITH used AS MATERIALIZED (
    SELECT nextval('allocation_id_seq') AS allocation_id, h.*
    FROM (
        SELECT h.payment_id, h.claim_id, h.rule, h.amount, h.evidence, c.debtor_id, c.invoice_id, p.currency, p.value_on
        FROM match_hit h
        JOIN claim c ON c.id = h.claim_id
        JOIN payment p ON p.id = h.payment_id
        WHERE h.certain
        ORDER BY h.payment_id, h.claim_id
    ) h
),
settled AS (
    UPDATE claim SET open_amount = claim.open_amount - used.amount,
        ended = CASE WHEN claim.open_amount = used.amount THEN 'paid' END,
        ended_on = CASE WHEN claim.open_amount = used.amount THEN cast(:on AS date) END
    FROM used
    WHERE claim.id = used.claim_id
),
allocated AS (
    INSERT INTO allocation (id, payment_id, claim_id, person_id, amount, currency, on_date, entry_id, actor)
    SELECT allocation_id, payment_id, claim_id, debtor_id, amount, currency, cast(:books_on AS date), :entry, :actor
    FROM used
),
founded AS (
    INSERT INTO allocation_match (allocation_id, claim_id, rule, evidence)
    SELECT allocation_id, claim_id, rule, evidence FROM used
),
booked AS (
    INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date,
        claim_id, payment_id, person_id)
    SELECT :entry, a.unidentified, a.receivable, used.amount, used.currency, cast(:books_on AS date), used.value_on,
        used.claim_id, used.payment_id, used.debtor_id
    FROM used
    JOIN unnest(cast(:currencies AS text[]), cast(:unidentifieds AS bigint[]), cast(:receivables AS bigint[]))
        AS a (currency, unidentified, receivable) ON a.currency = used.currency
),
closed AS (
    UPDATE payment_case k SET unallocated = k.unallocated - part.amount,
        closed_at = CASE WHEN k.unallocated = part.amount THEN now() END,
        closed_by = CASE WHEN k.unallocated = part.amount THEN cast(:actor AS text) END
    FROM (SELECT payment_id, sum(amount) AS amount FROM used GROUP BY payment_id) part
    WHERE k.payment_id = part.payment_id
)
SELECT count(DISTINCT payment_id) AS booked, min(allocation_id) AS wrote_from, max(allocation_id) AS wrote_to,
    array_agg(DISTINCT invoice_id) AS invoices
FROM used
