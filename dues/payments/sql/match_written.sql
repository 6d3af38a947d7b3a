-- What the bank says of the payments whose owner is looked for, as far as it is taken apart.
SELECT p.id, p.reference, p."references", p.message, p.payer_name
FROM match_waiting w
JOIN payment p ON p.id = w.payment_id
ORDER BY p.id
