-- Every settlement that was taken in stands in the receiver's books, alone in its entry, with its full amount.
SELECT count(*)
FROM (SELECT id, receiver_id, received_id, amount, currency FROM settlement WHERE received_id IS NOT NULL) s
FULL JOIN (
    SELECT e.id, e.creditor_id, e.key, sum(p.amount) AS amount, min(p.currency) AS currency, count(*) AS postings
    FROM entry e
    LEFT JOIN posting p ON p.entry_id = e.id
    WHERE e.event = 'share'
    GROUP BY e.id
) booked ON booked.id = s.received_id
WHERE (s.receiver_id, s.amount, s.currency, 'share:' || s.id, 1)
    IS DISTINCT FROM (booked.creditor_id, booked.amount, booked.currency, booked.key, booked.postings)
