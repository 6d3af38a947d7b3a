-- What has no foreign key for the sake of speed still has its parent.
SELECT (SELECT count(*) FROM invoice_line l LEFT JOIN invoice i ON i.id = l.invoice_id WHERE i.id IS NULL)
    + (SELECT count(*) FROM posting p LEFT JOIN claim c ON c.id = p.claim_id WHERE p.claim_id IS NOT NULL AND c.id IS NULL)
    + (SELECT count(*) FROM claim c LEFT JOIN payment_reference r ON r.claim_id = c.id WHERE r.claim_id IS NULL
       AND c.ended IS DISTINCT FROM 'credited')
    + (SELECT count(*) FROM fee_period f LEFT JOIN membership m ON m.id = f.membership_id WHERE m.id IS NULL)
