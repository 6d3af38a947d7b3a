-- Sets aside what of a slice's cases a creditor's rules settle: money for an open claim that is more, or only a little
-- less, than it has open. The claims are locked in the order of their ids, so that they stay as they are read here.
-- What little was written off is "difference", other money beyond the claim what the creditor's rule says; but where
-- its invoice invited to pay more, what exceeds all that it asked for is a gift: for the fund that the payer chose, else
-- for the one it names. Who pays what is printed, though a part was paid before, gives nothing.
CREATE TEMPORARY TABLE surplus ON COMMIT DROP AS
SELECT payment_id, claim_id, invoice_id, debtor_id, currency, value_on, used, beyond, becomes,
    CASE WHEN becomes = 'gift' THEN coalesce(invited_to, cast(:fund AS bigint)) END AS fund_id,
    nextval('allocation_id_seq') AS allocation_id,
    CASE WHEN beyond > 0 THEN nextval('allocation_id_seq') END AS kept_id
FROM (
    SELECT told.*,
        CASE
            WHEN beyond = 0 THEN NULL
            WHEN invited_to IS NOT NULL AND beyond BETWEEN 1 AND exceeds THEN CASE WHEN beyond <= :most THEN 'gift' ELSE 'ask' END
            WHEN beyond <= :tolerance THEN 'difference'
            WHEN cast(:overpaid AS text) = 'gift' AND beyond > :most THEN 'ask'
            ELSE :overpaid
        END AS becomes
    FROM (
        SELECT met.*, least(unallocated, open_amount) AS used, unallocated - open_amount AS beyond,
            row_number() OVER (PARTITION BY claim_id ORDER BY payment_id) AS nth,
            CASE WHEN cast(:gives AS boolean) THEN (
                SELECT coalesce(own.id, named.id)
                FROM invoice i
                JOIN payee e ON e.id = i.payee_id AND e.content -> 'gift' IS NOT NULL
                JOIN person d ON d.id = met.debtor_id AND d.deceased_on IS NULL
                LEFT JOIN fund named ON named.id = cast(e.content #>> '{gift,fund}' AS bigint) AND NOT named.closed
                LEFT JOIN fund own ON NOT own.closed AND own.id = (
                    SELECT h.fund_id
                    FROM fund_choice h
                    WHERE h.person_id = met.debtor_id AND h.creditor_id = :creditor
                    ORDER BY h.id DESC
                    LIMIT 1
                )
                WHERE i.id = met.invoice_id AND i.number IS NOT NULL AND EXISTS (
                    SELECT FROM invoice_line l WHERE l.invoice_id = i.id AND l.membership_id IS NOT NULL
                )
            ) END AS invited_to
        FROM (
            SELECT k.payment_id, k.claim_id, k.unallocated, c.open_amount, c.invoice_id, c.debtor_id, c.currency,
                p.value_on,
                p.amount - c.amount + c.credited_amount - coalesce((
                    SELECT sum(o.amount - o.credited_amount)
                    FROM slip_part own
                    JOIN slip_part other ON other.run_id = own.run_id AND other.slip_seq = own.slip_seq
                        AND NOT other.collects
                    JOIN claim o ON o.invoice_id = other.invoice_id
                    WHERE own.invoice_id = c.invoice_id AND own.collects
                ), 0) AS exceeds
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
    WHERE nth = 1
) judged
WHERE CASE WHEN beyond < 0 THEN -beyond <= :tolerance ELSE becomes IS DISTINCT FROM 'ask' END
