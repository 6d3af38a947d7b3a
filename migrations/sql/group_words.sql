-- The words by which a group is found: those of its own name, and those of the groups above it that say where it
-- is; the root, which is above everybody, says nothing. The same words without their marks stand beside them, so that
-- "orebro" finds Örebro. A trigger keeps them, whoever writes a group: by hand, by the desk or thousands at once.
CREATE FUNCTION words_of(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT word FROM regexp_split_to_table(name, '[-\s–—/\\.,:;()&+''’"“”]+') AS word WHERE word <> ''
    UNION
    SELECT regexp_replace(replace(replace(normalize(translate(word, 'øðłđ', 'odld'), NFD), 'æ', 'ae'), 'ß', 'ss'),
        '[\u0300-\u036f]', '', 'g')
    FROM regexp_split_to_table(name, '[-\s–—/\\.,:;()&+''’"“”]+') AS word WHERE word <> ''
$$;

CREATE FUNCTION write_group_words(changed bigint[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM group_word WHERE group_id = ANY(changed);
    INSERT INTO group_word (word, group_id)
    SELECT DISTINCT found.word, g.id
    FROM groups g
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(g.path, '.'), '.')::bigint[]) AS step(id)
    JOIN groups h ON h.id = step.id AND (h.id = g.id OR h.parent_id IS NOT NULL)
    CROSS JOIN LATERAL words_of(h.name_key) AS found(word)
    WHERE g.id = ANY(changed)
$$;

CREATE FUNCTION keep_group_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'INSERT' THEN
        PERFORM write_group_words(array(SELECT id FROM added));
    ELSE
        -- A new name, or a new place in the tree, is one of everything below, too.
        PERFORM write_group_words(array(
            SELECT DISTINCT below.id
            FROM added
            JOIN before USING (id)
            JOIN groups below ON below.path ^@ added.path
            WHERE (added.name_key, added.path) IS DISTINCT FROM (before.name_key, before.path)
        ));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER group_words_of_new AFTER INSERT ON groups
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION keep_group_words();
CREATE TRIGGER group_words_of_changed AFTER UPDATE ON groups
    REFERENCING OLD TABLE AS before NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION keep_group_words();

SELECT write_group_words(array(SELECT id FROM groups));
