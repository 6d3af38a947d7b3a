-- Credit notes take back no more of a line than it charges, each line for its own member and group; what they take
-- back together is what the claims of their invoice say was credited.
SELECT (SELECT count(*)
        FROM (
            SELECT note.credits_id, back.position, sum(back.amount) AS amount, min(back.amount) AS least,
                max(back.amount) AS most, min(back.person_id) AS person_id, min(back.beneficiary_id) AS beneficiary_id,
                count(DISTINCT (back.person_id, back.beneficiary_id)) AS whose
            FROM invoice note
            JOIN invoice_line back ON back.invoice_id = note.id
            WHERE note.credits_id IS NOT NULL
            GROUP BY note.credits_id, back.position
        ) given
        LEFT JOIN invoice_line l ON l.invoice_id = given.credits_id AND l.position = given.position
        WHERE l.invoice_id IS NULL OR given.whose <> 1
            OR (given.person_id, given.beneficiary_id) <> (l.person_id, l.beneficiary_id)
            OR CASE WHEN l.amount < 0 THEN given.amount < l.amount OR given.most > 0
                    ELSE given.amount > l.amount OR given.least < 0 END)
    + (SELECT count(*)
       FROM (SELECT invoice_id, sum(credited_amount) AS amount FROM claim GROUP BY invoice_id) said
       LEFT JOIN (SELECT credits_id, sum(amount) AS amount FROM invoice WHERE credits_id IS NOT NULL
                  GROUP BY credits_id) given ON given.credits_id = said.invoice_id
       WHERE said.amount <> coalesce(given.amount, 0))
    + (SELECT count(*) FROM claim WHERE (ended IS NOT DISTINCT FROM 'credited') <> (credited_amount = amount))
