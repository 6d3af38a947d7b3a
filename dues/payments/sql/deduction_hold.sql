-- Locks the open claims of everybody on a payment's list, in the order of their ids.
SELECT k.id
FROM claim k
WHERE k.debtor_id IN (SELECT person_id FROM deduction_line WHERE payment_id = :payment AND amount > 0)
    AND k.creditor_id = :creditor AND k.currency = :currency AND k.ended IS NULL
ORDER BY k.id
FOR NO KEY UPDATE
