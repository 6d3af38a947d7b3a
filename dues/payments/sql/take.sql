-- Stores the payments of a file that were not seen before, in the order in which they will be booked. Twins within
-- a file are told apart by their occurrence, so that both count, and a row seen in an earlier file does not.
INSERT INTO payment (file_id, section_id, agreement_id, creditor_id, key, occurrence, kind, amount, currency, booked_on, value_on, reference, "references", message, payer_name, payer_account, end_to_end_id,
    return_reason, position)
SELECT :file, (cast(:sections AS bigint[]))[i.section], i.agreement_id, i.creditor_id, i.key, i.occurrence, i.kind,
    i.amount, i.currency, i.booked_on, i.value_on, normalised_reference(i.reference), i."references",
    i.message, i.payer_name, i.payer_account, i.end_to_end_id, i.return_reason, i.position
FROM (
    SELECT *, row_number() OVER (PARTITION BY agreement_id, key ORDER BY ordinal) AS occurrence FROM incoming
) i
WHERE NOT EXISTS (
    SELECT FROM payment p
    WHERE p.agreement_id = i.agreement_id AND p.key = i.key AND p.occurrence = i.occurrence
)
ORDER BY i.creditor_id, i.booked_on, i.currency, i.ordinal
