-- What has no foreign key for the sake of speed still has its parent: payments, their cases, uses and postings.
SELECT (SELECT count(*) FROM payment p LEFT JOIN bank_file f ON f.id = p.file_id WHERE f.id IS NULL)
    + (SELECT count(*) FROM payment p LEFT JOIN bank_section s ON s.id = p.section_id WHERE s.id IS NULL)
    + (SELECT count(*) FROM payment_case c LEFT JOIN payment p ON p.id = c.payment_id WHERE p.id IS NULL)
    + (SELECT count(*) FROM payment_return t
       LEFT JOIN payment p ON p.id = t.payment_id AND p.amount < 0 AND p.creditor_id = t.creditor_id
       LEFT JOIN payment o ON o.id = t.original_id AND o.creditor_id = t.creditor_id
       WHERE p.id IS NULL OR o.id IS NULL OR o.amount + t.fee > -p.amount)
    + (SELECT count(*) FROM allocation a LEFT JOIN payment p ON p.id = a.payment_id WHERE p.id IS NULL)
    + (SELECT count(*) FROM posting s LEFT JOIN payment p ON p.id = s.payment_id
       WHERE s.payment_id IS NOT NULL AND p.id IS NULL)
