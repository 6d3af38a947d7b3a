-- What a report says of a whole order is said of each refund in it that is on its way and that it does not name itself.
INSERT INTO order_told (report_id, position, creditor_id, end_to_end_id, code, reason, words, amount, currency, name,
    refund_id, outcome)
SELECT :report, :begins + row_number() OVER (ORDER BY r.id), :creditor, r.end_to_end_id, :code,
    cast(:why AS text), :said, r.amount, r.currency, r.name, r.id,
    CASE
        WHEN cast(:fate AS text) IN ('rejected', 'cancelled') THEN 'rejected'
        WHEN cast(:fate AS text) IN ('accepted', 'settled') THEN 'accepted'
        ELSE 'waiting'
    END
FROM refund r
WHERE r.order_id = :order AND r.state = 'sent'
    AND NOT EXISTS (SELECT FROM order_told t WHERE t.report_id = :report AND t.refund_id = r.id)
