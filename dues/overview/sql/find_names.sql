-- Persons whose name has all words, each as the beginning of a word of it, in any order; the nearest first. What is
-- written as a name is looked for with either part first. Where that finds too few, each word leads in turn through
-- the indexes alone, no further than :scan names, and the others are looked for beside it: of what is found by a word
-- within a name or without its accents, in all ways in which the name is written, one word this way and one that.
WITH whole AS (
    (SELECT id, 0 AS distance, name_key AS key FROM person
     WHERE name_key ^@ cast(:phrase AS text) ORDER BY name_key, id LIMIT :rows)
    UNION ALL
    (SELECT id, 1, given_key FROM person
     WHERE given_key ^@ cast(:phrase AS text) ORDER BY given_key, id LIMIT :rows)
    UNION ALL
    (SELECT person_id, 2, word FROM person_word
     WHERE word ^@ cast(:phrase AS text) ORDER BY word, person_id LIMIT :rows)
),
led AS (
    SELECT found.id, 3 AS distance, found.key
    FROM unnest(cast(:words AS text[])) lead
    CROSS JOIN LATERAL (
        SELECT id, key
        FROM (
            (SELECT id, name_key AS key, name_key AS spelled FROM person
             WHERE name_key >= lead AND name_key < lead || chr(1114111) ORDER BY name_key, id LIMIT :scan)
            UNION ALL
            (SELECT id, given_key, given_key FROM person
             WHERE given_key >= lead AND given_key < lead || chr(1114111) ORDER BY given_key, id LIMIT :scan)
            UNION ALL
            (SELECT p.id, p.name_key,
                 (SELECT p.name_key || ' ' || string_agg(w.word, ' ') FROM person_word w WHERE w.person_id = p.id)
             FROM (SELECT person_id FROM person_word
                   WHERE word >= lead AND word < lead || chr(1114111) ORDER BY word, person_id LIMIT :few) within
             JOIN person p ON p.id = within.person_id)
        ) names
        WHERE (SELECT bool_and(strpos(' ' || translate(spelled, '-', ' '), ' ' || other) > 0)
               FROM unnest(cast(:words AS text[])) other)
        LIMIT :rows
    ) found
    WHERE cast(:phrase AS text) <> (cast(:words AS text[]))[1]
        AND (SELECT count(*) FROM whole) < :rows
)
SELECT id
FROM (
    SELECT DISTINCT ON (id) id, distance, key
    FROM (SELECT id, distance, key FROM whole UNION ALL SELECT id, distance, key FROM led) found
    ORDER BY id, distance, key
) nearest
ORDER BY distance, key, id
LIMIT :rows
