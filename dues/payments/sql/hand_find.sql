-- What payments of a slice that wait pay on slips. A payment of exactly what one creditor has open pays that one; every
-- other falls on the collecting creditor's own invoice first, then on the others in the order of their ids. Several for the
-- same slip follow each other. The claims are locked in the order of their ids. What is more than all have open stays
-- in its case, with what the collecting creditor has open: whoever decides of too much, or its rule, decides of both.
-- So does what leaves no more than its :tolerance open there, for the same rule.
CREATE TEMPORARY TABLE handed ON COMMIT DROP AS
WITH came AS MATERIALIZED (
    SELECT k.payment_id, k.unallocated, p.value_on, p.booked_on, p.payer_name, own.run_id, own.slip_seq,
        sum(k.unallocated) OVER slip - k.unallocated AS begins,
        CASE WHEN count(*) OVER whole = 1 THEN k.unallocated END AS alone
    FROM payment_case k
    JOIN payment p ON p.id = k.payment_id
    JOIN claim c ON c.id = k.claim_id
    JOIN slip_part own ON own.invoice_id = c.invoice_id AND own.collects
    WHERE k.payment_id BETWEEN :first AND :last AND k.creditor_id = :creditor AND k.closed_at IS NULL
        AND k.reason IN ('too much', 'too little', 'already paid', 'already credited') AND k.unallocated > 0
        AND p.file_id = :file AND p.currency = :currency
    WINDOW slip AS (PARTITION BY own.run_id, own.slip_seq ORDER BY k.payment_id),
        whole AS (PARTITION BY own.run_id, own.slip_seq)
),
owed AS MATERIALIZED (
    SELECT c.id AS claim_id, c.invoice_id, c.creditor_id, c.debtor_id, c.open_amount, part.run_id, part.slip_seq,
        part.collects
    FROM slip_part part
    JOIN claim c ON c.invoice_id = part.invoice_id
    WHERE (part.run_id, part.slip_seq) IN (SELECT run_id, slip_seq FROM came)
        AND c.ended IS NULL AND c.currency = :currency
    ORDER BY c.id
    FOR NO KEY UPDATE OF c
),
lined AS (
    SELECT owed.*, sum(open_amount) OVER slip - open_amount AS begins
    FROM owed
    JOIN (SELECT run_id, slip_seq, max(alone) AS alone FROM came GROUP BY run_id, slip_seq) what
        USING (run_id, slip_seq)
    WINDOW slip AS (
        PARTITION BY run_id, slip_seq ORDER BY open_amount IS DISTINCT FROM alone, NOT collects, invoice_id
    )
),
used AS MATERIALIZED (
    SELECT came.payment_id, came.unallocated, came.value_on, came.booked_on, came.payer_name, lined.claim_id,
        lined.invoice_id, lined.creditor_id, lined.debtor_id, lined.collects, lined.open_amount,
        least(came.begins + came.unallocated, lined.begins + lined.open_amount)
            - greatest(came.begins, lined.begins) AS amount,
        lined.begins + lined.open_amount - came.begins - came.unallocated AS short
    FROM came
    JOIN lined ON lined.run_id = came.run_id AND lined.slip_seq = came.slip_seq
        AND lined.begins < came.begins + came.unallocated AND came.begins < lined.begins + lined.open_amount
)
SELECT used.*, nextval('allocation_id_seq') AS allocation_id,
    CASE WHEN NOT collects THEN nextval('payment_aside_id_seq') END AS aside_id,
    CASE WHEN NOT collects THEN nextval('payment_id_seq') END AS new_id
FROM used
WHERE NOT collects OR short NOT BETWEEN 1 AND :tolerance
    AND unallocated = (SELECT sum(all_of.amount) FROM used all_of WHERE all_of.payment_id = used.payment_id)
