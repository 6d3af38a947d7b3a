-- Words with the last ones put first.
CREATE FUNCTION last_words_first(words text[], last integer) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_string(words[cardinality(words) - last + 1:] || words[:cardinality(words) - last], ' ');

-- A name's key with the given name first: in `name_key` the family name comes first and then the given one, both
-- folded, so that the given name is as many words at its end as it is as written.
CREATE FUNCTION given_name_first(name_key text, given_name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN last_words_first(
        string_to_array(name_key, ' '),
        cardinality(string_to_array(btrim(regexp_replace(given_name, '\s+', ' ', 'g')), ' '))
    );

-- The words within a name by which somebody may look for it and that neither key begins with.
CREATE FUNCTION words_within(name_key text, given_key text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT DISTINCT word
        FROM string_to_table(translate(name_key, '-', ' '), ' ') word
        WHERE word <> '' AND NOT starts_with(name_key, word) AND NOT starts_with(given_key, word);
    END;

CREATE FUNCTION keep_words_of_names() RETURNS trigger LANGUAGE plpgsql AS $$
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
        WHERE after.name_key LIKE '% % %' OR after.name_key LIKE '%-%'; -- most names have no word within
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER person_words_come AFTER INSERT ON person
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION keep_words_of_names();
CREATE TRIGGER person_words_change AFTER UPDATE ON person
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION keep_words_of_names();

-- What a statement changes in the open claims is written beside them, not into their sums: two slices that settle
-- claims of one due day never wait for each other.
CREATE FUNCTION note_open_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'UPDATE' THEN
        INSERT INTO open_claims_change (creditor_id, currency, due_on, level, reminded_on, claims, amount)
        SELECT creditor_id, currency, due_on, dunning_level, coalesce(dunned_on, '-infinity'), sum(claims), sum(amount)
        FROM (
            SELECT creditor_id, currency, due_on, dunning_level, dunned_on, -1 AS claims, -open_amount AS amount
            FROM before WHERE open_amount > 0
            UNION ALL
            SELECT creditor_id, currency, due_on, dunning_level, dunned_on, 1, open_amount
            FROM after WHERE open_amount > 0
        ) changed
        GROUP BY creditor_id, currency, due_on, dunning_level, dunned_on
        HAVING sum(claims) <> 0 OR sum(amount) <> 0;
    ELSE
        INSERT INTO open_claims_change (creditor_id, currency, due_on, level, reminded_on, claims, amount)
        SELECT creditor_id, currency, due_on, dunning_level, coalesce(dunned_on, '-infinity'), count(*),
            sum(open_amount)
        FROM after
        WHERE open_amount > 0
        GROUP BY creditor_id, currency, due_on, dunning_level, dunned_on;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER claim_opens AFTER INSERT ON claim
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION note_open_claims();
CREATE TRIGGER claim_changes AFTER UPDATE ON claim
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION note_open_claims();

-- The trigger acts as whoever writes a claim or a person.
GRANT SELECT, INSERT ON payment_day TO kontingent_jobs, kontingent_staff;
GRANT SELECT, INSERT ON open_claims_change TO kontingent_jobs, kontingent_staff;
GRANT DELETE ON open_claims_change TO kontingent_jobs;
GRANT SELECT ON open_claims TO kontingent_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON open_claims TO kontingent_jobs;
GRANT SELECT, INSERT, DELETE ON person_word TO kontingent_jobs, kontingent_staff;
GRANT INSERT ON person_word TO kontingent_public;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff;
