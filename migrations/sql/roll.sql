-- A membership keeps what its person is called by, so that a group's roll is read and searched in its order without
-- looking at persons, whom the second wall asks about one by one.
CREATE FUNCTION membership_called() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Whoever renames the person meanwhile waits, and then finds this membership.
    SELECT p.name_key INTO new.name_key FROM public.person p WHERE p.id = new.person_id FOR SHARE;
    new.name_key := coalesce(new.name_key, '');
    RETURN new;
END
$$;
CREATE TRIGGER membership_called BEFORE INSERT OR UPDATE OF person_id, name_key ON membership
    FOR EACH ROW EXECUTE FUNCTION membership_called();

CREATE FUNCTION persons_called() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.membership m
    SET name_key = after.name_key
    FROM before
    JOIN after ON after.id = before.id AND after.name_key <> before.name_key
    WHERE m.person_id = after.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER persons_called AFTER UPDATE ON person REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION persons_called();

-- A line of the audit log about a membership does not say what its person is called: the person's own lines do.
DROP TRIGGER audit_insert ON membership;
DROP TRIGGER audit_delete ON membership;
DELETE FROM audit_watched WHERE relation = 'membership' AND trigger IN ('audit_insert', 'audit_delete');
SELECT audit_watch(
    'membership', 'persons', '{uuid,status,charged_through,paid_through,recorded_at,name_key}',
    verbs => '{insert,delete}'
);
DROP TRIGGER audit_row_update ON membership;
DELETE FROM audit_watched WHERE relation = 'membership' AND trigger = 'audit_row_update';
SELECT audit_watch_rows(
    'membership', 'persons', 'UPDATE OF person_id, type_id, group_id, joined_on, ended_on',
    '(old.person_id, old.type_id, old.group_id, old.joined_on, old.ended_on) IS DISTINCT FROM'
    ' (new.person_id, new.type_id, new.group_id, new.joined_on, new.ended_on)',
    '{uuid,status,charged_through,paid_through,recorded_at,name_key}'
);

-- Each way to know somebody by its own index: with both in one condition every membership was looked at.
CREATE OR REPLACE FUNCTION known_beyond(wanted bigint, place text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.membership m JOIN public.groups g ON g.id = m.group_id
        WHERE m.person_id = wanted AND m.ended_on IS NULL AND NOT starts_with(g.path, place)
    ) OR EXISTS (
        SELECT FROM public.payer y
        JOIN public.membership m ON m.person_id = y.person_id
        JOIN public.groups g ON g.id = m.group_id
        WHERE y.payer_id = wanted AND m.ended_on IS NULL AND NOT starts_with(g.path, place)
    );
END
$$;

-- How many memberships go on at or below a place, counted no further than asked: with the owner's eyes, in the groups of
-- whoever asks, so that the second wall is asked about groups and not about each membership.
CREATE FUNCTION going_on(place text, most bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    everything boolean := current_setting('role') = 'kontingent_jobs' OR current_setting('app.all', true) = '1';
BEGIN
    RETURN (
        SELECT count(*)
        FROM (
            SELECT
            FROM public.groups g
            JOIN public.membership m ON m.group_id = g.id
            WHERE g.path >= place AND g.path < place || chr(1114111) AND m.ended_on IS NULL
                AND (everything OR g.id IN (SELECT s.group_id FROM public.my_groups s))
            LIMIT most
        ) found
    );
END
$$;
REVOKE EXECUTE ON FUNCTION going_on(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION going_on(text, bigint) TO kontingent_staff, kontingent_jobs;
