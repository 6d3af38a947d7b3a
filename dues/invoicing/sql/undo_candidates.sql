-- The invoices that a run (:undoes) has issued, as they stand now: what can be credited, and why the others are left
-- alone. Found by the numbers that its slices were given; what was taken in has none of ours. `channel` is the way by which the payer hears of it: nobody is
-- told who never got the invoice.
CREATE TEMPORARY TABLE undoable ON COMMIT DROP AS
WITH issued AS MATERIALIZED (
    SELECT i.id, i.creditor_id, i.group_id, i.number, i.payer_id, i.amount, i.currency,
        i.payer_city <> '' AND (i.payer_street <> '' OR i.payer_postcode <> '') AS on_paper
    FROM run_slice s
    JOIN invoice i ON i.creditor_id = s.creditor_id AND i.run_id = s.run_id
        AND i.number >= s.number_from AND i.number < s.number_from + s.survivors
    WHERE s.run_id = :undoes AND s.number_from IS NOT NULL
    UNION ALL
    SELECT i.id, i.creditor_id, i.group_id, i.id, i.payer_id, i.amount, i.currency, false
    FROM invoice i
    WHERE i.run_id = :undoes AND i.printed IS NOT NULL
),
owed AS (
    SELECT c.invoice_id, bool_or(c.ended = 'credited') AS credited, bool_and(c.ended IS NOT DISTINCT FROM 'paid') AS paid,
        bool_or(c.ended IN ('written off', 'waived', 'lapsed')) AS given_up, sum(c.amount - c.open_amount) AS settled
    FROM issued
    JOIN claim c ON c.invoice_id = issued.id
    GROUP BY c.invoice_id
),
charged AS (
    SELECT DISTINCT stretch.invoice_id
    FROM (SELECT l.invoice_id, l.membership_id, max(l.period_to) AS through
          FROM issued
          JOIN invoice_line l ON l.invoice_id = issued.id
          WHERE l.membership_id IS NOT NULL
          GROUP BY l.invoice_id, l.membership_id) stretch
    JOIN membership m ON m.id = stretch.membership_id AND m.charged_through > stretch.through
),
told AS (
    SELECT DISTINCT issued.id AS invoice_id
    FROM issued
    -- What stands on another creditor's slip left the house with it.
    LEFT JOIN slip_part own ON own.invoice_id = issued.id AND NOT own.collects
    LEFT JOIN slip_part slip ON slip.run_id = own.run_id AND slip.slip_seq = own.slip_seq AND slip.collects
    JOIN message m ON m.kind = 'invoice' AND m.subject_id = coalesce(slip.invoice_id, issued.id)
        AND m.state IN ('sending', 'sent')
),
noted AS (
    SELECT DISTINCT note.credits_id AS invoice_id
    FROM issued
    JOIN invoice note ON note.credits_id = issued.id
)
SELECT issued.id AS invoice_id, issued.creditor_id, issued.group_id, issued.number, issued.amount, issued.currency,
    CASE WHEN told.invoice_id IS NULL OR payer.deceased_on IS NOT NULL THEN 'none'
         WHEN way_to(payer.email, payer.phone, creditor.sms) <> 'print' OR issued.on_paper
             THEN way_to(payer.email, payer.phone, creditor.sms)
         ELSE 'none' END AS channel,
    CASE WHEN owed.credited OR noted.invoice_id IS NOT NULL THEN 'credited already'
         WHEN owed.given_up THEN 'given up'
         WHEN owed.paid THEN 'paid'
         WHEN owed.settled > 0 THEN 'part-paid'
         WHEN charged.invoice_id IS NOT NULL THEN 'charged on since'
         WHEN issued.amount > creditor.write_off_limit
            OR creditor.write_off_limit IS NOT NULL AND issued.currency <> creditor.currency THEN 'needs two persons'
    END AS reason
FROM issued
JOIN creditor ON creditor.id = issued.creditor_id
JOIN person payer ON payer.id = issued.payer_id
JOIN owed ON owed.invoice_id = issued.id
LEFT JOIN charged ON charged.invoice_id = issued.id
LEFT JOIN told ON told.invoice_id = issued.id
LEFT JOIN noted ON noted.invoice_id = issued.id
