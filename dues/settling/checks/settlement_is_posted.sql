-- Every settlement is the sum of its lines, follows on the one before it, and stands in the books with its full amount.
SELECT (
    SELECT count(*)
    FROM (
        SELECT s.amount, s.settled_before,
            coalesce(sum(s.amount) OVER (PARTITION BY s.creditor_id, s.group_id, s.currency ORDER BY s.id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before,
            (SELECT coalesce(sum(l.amount), 0) FROM settlement_line l WHERE l.settlement_id = s.id) AS lines
        FROM settlement s
    ) each
    WHERE each.lines <> each.amount OR each.before <> each.settled_before
) + (
    SELECT count(*)
    FROM (SELECT entry_id, sum(amount) AS amount FROM settlement GROUP BY entry_id) settled
    FULL JOIN (
        SELECT e.id AS entry_id, sum(p.amount) AS amount
        FROM entry e
        JOIN posting p ON p.entry_id = e.id
        JOIN account o ON o.id = p.credit_account_id AND o.role = 'owed'
        WHERE e.event = 'settlement'
        GROUP BY e.id
    ) booked USING (entry_id)
    WHERE settled.amount IS DISTINCT FROM booked.amount
)
