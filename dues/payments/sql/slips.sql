-- Which of some payments are one slip of the pen away from the reference of a claim that has exactly their amount open.
SELECT near.payment_id, near.meant
FROM unnest(cast(:payments AS bigint[]), cast(:creditors AS bigint[]), cast(:amounts AS bigint[]), cast(:meant AS text[]))
    AS near (payment_id, creditor_id, amount, meant)
JOIN payment_reference r ON r.creditor_id = near.creditor_id AND r.value = near.meant
JOIN claim c ON c.id = r.claim_id AND c.ended IS NULL AND c.open_amount = near.amount
