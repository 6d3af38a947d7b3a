-- Sets aside what of a slice's cases a creditor's rules settle: money for an open claim that is more, or only a little
-- less, than it has open. The claims are locked in the order of their ids, so that they stay as they are read here.
-- What little was written off is "difference", other money beyond the claim what the creditor's rule says.
CREATE TEMPORARY TABLE surplus ON COMMIT DROP AS
SELECT payment_id, claim_id, invoice_id, debtor_id, currency, value_on, used, beyond,
    CASE
        WHEN beyond = 0 THEN NULL
        WHEN beyond <= :tolerance THEN 'difference'
        ELSE :overpaid
    END AS becomes,
    nextval('allocation_id_seq') AS allocation_id,
    CASE WHEN beyond > 0 THEN nextval('allocation_id_seq') END AS kept_id
FROM (
    SELECT met.*, least(unallocated, open_amount) AS used, unallocated - open_amount AS beyond,
        row_number() OVER (PARTITION BY claim_id ORDER BY payment_id) AS nth
    FROM (
        SELECT k.payment_id, k.claim_id, k.unallocated, c.open_amount, c.invoice_id, c.debtor_id, c.currency, p.value_on
        FROM payment_case k
        JOIN payment p ON p.id = k.payment_id
        JOIN claim c ON c.id = k.claim_id
        WHERE k.payment_id BETWEEN :first AND :last AND k.creditor_id = :creditor AND k.closed_at IS NULL
            AND k.reason IN ('too much', 'too little') AND p.file_id = :file AND p.currency = :currency
            AND c.currency = p.currency AND c.ended IS NULL AND c.parts = 1
        ORDER BY c.id
        FOR NO KEY UPDATE OF c
    ) met
) told
WHERE nth = 1 AND CASE
    WHEN beyond < 0 THEN -beyond <= :tolerance
    ELSE beyond <= :tolerance OR cast(:overpaid AS text) <> 'ask'
END
