-- A key with the letters of a keyboard that has no others: Åsa as asa, Müller as muller or, ``written_out`` as people do
-- who miss the letter, Aasa and Mueller.
CREATE FUNCTION without_accents(key text, written_out boolean) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(
        normalize(
            translate(
                replace(replace(replace(replace(
                    CASE WHEN written_out
                        THEN replace(replace(replace(replace(replace(
                            key, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa')
                        ELSE key
                    END,
                    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
                'øđðł', 'oddl'
            ),
            NFD
        ),
        '[\u0300-\u036f]', '', 'g'
    );

-- What somebody may look for a name by and that neither key begins with: the words within it and, of a name with
-- accents, the whole of it and the words within it without them.
CREATE OR REPLACE FUNCTION words_within(name_key text, given_key text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH spelled (family_first, given_first) AS (
            VALUES
                (name_key, given_key),
                (without_accents(name_key, false), without_accents(given_key, false)),
                (without_accents(name_key, true), without_accents(given_key, true))
        )
        SELECT word
        FROM spelled
        CROSS JOIN LATERAL string_to_table(translate(family_first, '-', ' '), ' ') word
        WHERE word <> '' AND NOT starts_with(family_first, word) AND NOT starts_with(given_first, word)
        UNION
        SELECT whole
        FROM spelled
        CROSS JOIN LATERAL (VALUES (family_first), (given_first)) plain (whole)
        WHERE whole <> name_key AND whole <> given_key;
    END;

CREATE OR REPLACE FUNCTION keep_words_of_names() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF tg_op = 'UPDATE' THEN
        DELETE FROM person_word w
        USING before, after
        WHERE before.id = after.id AND before.name_key <> after.name_key AND w.person_id = after.id;
        INSERT INTO person_word (word, person_id)
        SELECT word, after.id
        FROM after
        JOIN before ON before.id = after.id AND before.name_key <> after.name_key
        CROSS JOIN LATERAL words_within(after.name_key, after.given_key) word;
    ELSE
        INSERT INTO person_word (word, person_id)
        SELECT word, after.id
        FROM after
        CROSS JOIN LATERAL words_within(after.name_key, after.given_key) word
        WHERE after.name_key LIKE '% % %' OR after.name_key LIKE '%-%' -- most names have no word within
            OR octet_length(after.name_key) <> char_length(after.name_key); -- nor accents
    END IF;
    RETURN NULL;
END
$$;

INSERT INTO person_word (word, person_id)
SELECT word, person.id
FROM person
CROSS JOIN LATERAL words_within(name_key, given_key) word
WHERE octet_length(name_key) <> char_length(name_key)
ON CONFLICT DO NOTHING;
