-- Every allocation has the posting that it says, and every posting of a payment to a claim or a credit its allocation.
SELECT count(*)
FROM (
    SELECT entry_id, payment_id, claim_id, person_id, amount, currency, count(*) AS n
    FROM allocation
    GROUP BY entry_id, payment_id, claim_id, person_id, amount, currency
) used
FULL JOIN (
    SELECT p.entry_id, p.payment_id, p.claim_id, p.person_id, p.amount, p.currency, count(*) AS n
    FROM posting p
    JOIN account d ON d.id = p.debit_account_id
    JOIN account c ON c.id = p.credit_account_id
    WHERE p.payment_id IS NOT NULL AND (d.role IN ('receivable', 'credit') OR c.role IN ('receivable', 'credit'))
    GROUP BY p.entry_id, p.payment_id, p.claim_id, p.person_id, p.amount, p.currency
) booked ON booked.entry_id = used.entry_id AND booked.payment_id = used.payment_id
    AND coalesce(booked.claim_id, 0) = coalesce(used.claim_id, 0) AND booked.person_id = used.person_id
    AND booked.amount = used.amount AND booked.currency = used.currency
WHERE used.n IS DISTINCT FROM booked.n
