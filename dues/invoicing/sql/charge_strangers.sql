-- The lines that name nobody, nobody whom we know, several at once, or different persons by different columns. An e-mail
-- address beside a number is no more than a check: it is that of whoever has the number.
SELECT place, persons,
    CASE WHEN problem = 'nobody named' OR number IS NOT NULL AND by_number IS NULL THEN 'number'
         WHEN external <> '' AND by_external IS NULL THEN 'external'
         ELSE 'email' END AS what,
    CASE WHEN problem = 'nobody named' THEN ''
         WHEN number IS NOT NULL AND by_number IS NULL THEN number::text
         WHEN external <> '' AND by_external IS NULL THEN external
         ELSE email END AS value,
    problem
FROM (
    SELECT k.*,
        CASE
            WHEN number IS NULL AND email = '' AND external = '' THEN 'nobody named'
            WHEN number IS NOT NULL AND by_number IS NULL OR external <> '' AND by_external IS NULL
                OR email <> '' AND persons = 0 THEN 'unknown'
            WHEN by_number <> by_external THEN 'not the same'
            WHEN by_number IS NOT NULL AND email <> '' AND number_email <> email THEN 'not the same'
            WHEN by_number IS NULL AND by_external IS NULL AND persons > 1 THEN 'several'
            WHEN by_number IS NULL AND persons = 1 AND by_external <> by_email THEN 'not the same'
        END AS problem
    FROM charge_known k
) judged
WHERE problem IS NOT NULL
ORDER BY place
LIMIT :size
