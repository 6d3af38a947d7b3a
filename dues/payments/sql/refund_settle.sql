-- Books what was found: a refund that left is confirmed, one that came back waits for another account.
WITH moved AS (
    UPDATE refund SET state = CASE refunded.kind WHEN 'paid' THEN 'confirmed' ELSE 'bounced' END,
        ended_on = CASE refunded.kind WHEN 'paid' THEN cast(:on AS date) END
    FROM refunded
    WHERE refund.id = refunded.refund_id
),
used AS (
    INSERT INTO refund_payment (creditor_id, refund_id, payment_id, kind, amount, currency, on_date, entry_id, actor)
    SELECT :creditor, refund_id, payment_id, kind, amount, currency, cast(:books_on AS date), :entry, :actor
    FROM refunded
),
closed AS (
    UPDATE payment_case SET unallocated = 0, closed_at = now(), closed_by = :actor
    FROM refunded
    WHERE payment_case.payment_id = refunded.payment_id
)
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount, currency, on_date, value_date, payment_id,
    person_id)
SELECT :entry, CASE WHEN amount > 0 THEN cast(:unidentified AS bigint) ELSE cast(:refunds AS bigint) END,
    CASE WHEN amount > 0 THEN cast(:refunds AS bigint) ELSE cast(:unidentified AS bigint) END, abs(amount), currency,
    cast(:books_on AS date), value_on, payment_id, person_id
FROM refunded
