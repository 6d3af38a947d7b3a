-- Locks the memberships of a slice of joint invoices in the order of their ids, in which every other work locks them: the
-- rows of these stand in the order of payers.
SELECT m.id
FROM invoice_item i
JOIN membership m ON m.id = i.membership_id
WHERE i.run_id = :run AND i.seq BETWEEN :first AND :last AND i.state = 'ready'
ORDER BY m.id
FOR NO KEY UPDATE OF m
