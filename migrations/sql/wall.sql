-- Rows that somebody has just made are theirs for the length of the transaction: the person who joins has no
-- membership yet when the database is asked for the number it has given them.
ALTER TABLE person ADD COLUMN made_in xid8;
ALTER TABLE person ALTER COLUMN made_in SET DEFAULT pg_current_xact_id();
ALTER TABLE payer ADD COLUMN made_in xid8;
ALTER TABLE payer ALTER COLUMN made_in SET DEFAULT pg_current_xact_id();
ALTER TABLE run ADD COLUMN made_in xid8;
ALTER TABLE run ALTER COLUMN made_in SET DEFAULT pg_current_xact_id();

-- Staff who see everything: all that staff may do, and policies that are simply true.
DO $$
BEGIN
    BEGIN
        CREATE ROLE kontingent_centre NOLOGIN;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    BEGIN
        GRANT kontingent_staff TO kontingent_centre;
    EXCEPTION
        WHEN insufficient_privilege OR internal_error THEN NULL;  -- granted by another, or just now
    END;
    BEGIN
        EXECUTE format('GRANT kontingent_centre TO %I', current_user);
    EXCEPTION
        WHEN insufficient_privilege OR internal_error THEN NULL;
    END;
END
$$;

-- A scope also names the groups above: what they have set up holds below. `within` are the groups themselves.
ALTER TABLE scope ADD COLUMN within boolean NOT NULL DEFAULT true;

-- The groups of whoever asks, today. The views read with the owner's eyes, so that no policy asks another one.
CREATE VIEW my_surroundings AS
SELECT s.group_id, s.within
FROM scope s
WHERE s.staff_id = (SELECT nullif(current_setting('app.user', true), '')::bigint)
    AND s.from_on <= (SELECT c.today FROM business_clock c)
    AND (s.to_on IS NULL OR s.to_on >= (SELECT c.today FROM business_clock c));
CREATE VIEW my_groups AS SELECT group_id FROM my_surroundings WHERE within;
CREATE VIEW my_creditors AS
SELECT c.id AS creditor_id FROM creditor c JOIN my_groups g ON g.group_id = c.group_id;
CREATE VIEW creditors_around_me AS
SELECT c.id AS creditor_id FROM creditor c JOIN my_surroundings g ON g.group_id = c.group_id;
GRANT SELECT ON my_surroundings, my_groups, my_creditors, creditors_around_me TO kontingent_staff, kontingent_jobs;

-- Whose a row is, for policies of rows that do not say so themselves. Each looks with the owner's eyes, row by row through
-- keys, and its plan is made once in a connection. They are dear: no plan shall ask them for rows that it need not read.
CREATE FUNCTION sees_group(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.my_groups g WHERE g.group_id = wanted);
END
$$;
-- A group of theirs, or one above: what is set up there holds below, too.
CREATE FUNCTION near_group(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.my_surroundings g WHERE g.group_id = wanted);
END
$$;
CREATE FUNCTION sees_creditor(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.creditor c WHERE c.id = wanted AND public.sees_group(c.group_id));
END
$$;
CREATE FUNCTION sees_membership(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.membership m WHERE m.id = wanted AND public.sees_group(m.group_id));
END
$$;
-- A member of one of their groups.
CREATE FUNCTION sees_member(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.membership m WHERE m.person_id = wanted AND public.sees_group(m.group_id)
    );
END
$$;
-- A member, or somebody who pays for one.
CREATE FUNCTION sees_person(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN public.sees_member(wanted) OR EXISTS (
        SELECT FROM public.payer y WHERE y.payer_id = wanted AND public.sees_member(y.person_id)
    );
END
$$;
CREATE FUNCTION sees_invoice(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.invoice i WHERE i.id = wanted AND public.sees_group(i.group_id));
END
$$;
CREATE FUNCTION sees_claim(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.claim c WHERE c.id = wanted AND public.sees_invoice(c.invoice_id));
END
$$;
CREATE FUNCTION sees_entry(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.entry e
        WHERE e.id = wanted
            AND (e.actor = current_setting('app.actor', true) OR public.sees_creditor(e.creditor_id))
    );
END
$$;
-- A payment that was used for, or says it is for, a claim of theirs.
CREATE FUNCTION sees_use_of(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.allocation a WHERE a.payment_id = wanted AND public.sees_claim(a.claim_id)
    ) OR EXISTS (
        SELECT FROM public.payment_case k WHERE k.payment_id = wanted AND public.sees_claim(k.claim_id)
    );
END
$$;
CREATE FUNCTION sees_payment(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.payment p WHERE p.id = wanted AND public.sees_creditor(p.creditor_id)
    ) OR public.sees_use_of(wanted);
END
$$;
CREATE FUNCTION sees_agreement(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.bank_agreement b WHERE b.id = wanted AND public.sees_creditor(b.creditor_id)
    );
END
$$;
CREATE FUNCTION sees_section_of(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.bank_section s WHERE s.file_id = wanted AND public.sees_agreement(s.agreement_id)
    );
END
$$;
CREATE FUNCTION sees_file(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.bank_file f WHERE f.id = wanted AND f.actor = current_setting('app.actor', true)
    ) OR public.sees_section_of(wanted);
END
$$;
CREATE FUNCTION sees_run(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.run r WHERE r.id = wanted AND r.actor = current_setting('app.actor', true)
    );
END
$$;
CREATE FUNCTION component_around_me(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.fee_component c WHERE c.id = wanted AND public.near_group(c.group_id)
    );
END
$$;
CREATE FUNCTION type_around_me(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.membership_type t WHERE t.id = wanted AND public.near_group(t.group_id)
    );
END
$$;
CREATE FUNCTION type_of_mine(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.membership_type t WHERE t.id = wanted AND public.sees_group(t.group_id)
    );
END
$$;
CREATE FUNCTION sees_entity(kind text, wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN CASE kind
        WHEN 'person' THEN EXISTS (SELECT FROM public.person p WHERE p.uuid = wanted AND public.sees_person(p.id))
        WHEN 'membership' THEN EXISTS (SELECT FROM public.membership m WHERE m.uuid = wanted AND public.sees_group(m.group_id))
        WHEN 'group' THEN EXISTS (SELECT FROM public.groups o WHERE o.uuid = wanted AND public.sees_group(o.id))
        WHEN 'invoice' THEN EXISTS (SELECT FROM public.invoice i WHERE i.uuid = wanted AND public.sees_group(i.group_id))
        ELSE false
    END;
END
$$;
-- What a message is about says whose it is: one person may be a member in two groups.
CREATE FUNCTION sees_subject(kind text, subject bigint, person bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN CASE kind
        WHEN 'invoice' THEN public.sees_invoice(subject)
        WHEN 'reminder' THEN EXISTS (
            SELECT FROM public.reminder r WHERE r.id = subject AND public.sees_claim(r.claim_id)
        )
        WHEN 'receipt' THEN EXISTS (
            SELECT FROM public.allocation a WHERE a.id = subject AND public.sees_claim(a.claim_id)
        )
        ELSE public.sees_person(person)
    END;
END
$$;

-- The invoice whose link a visitor holds, what it credits, and what credits it.
CREATE FUNCTION behind_link(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
DECLARE
    held bigint;
BEGIN
    SELECT l.invoice_id INTO held
    FROM public.access_link l
    WHERE l.token_hash = decode(current_setting('app.link', true), 'hex');
    RETURN wanted = held
        OR EXISTS (SELECT FROM public.invoice n WHERE n.id = held AND n.credits_id = wanted)
        OR EXISTS (SELECT FROM public.invoice n WHERE n.id = wanted AND n.credits_id = held);
END
$$;

-- Writes out the groups that staff may see by their grants, for one of them or (null) for all: those with a grant and
-- all below them, and, not within, those above. Several grants that reach a group are one row: from the earliest day
-- to the latest. Grants for the whole organisation are not written out. It only ever writes what the grants say, so
-- that anybody may call it.
CREATE FUNCTION write_out_scope(staff bigint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH granted AS (
        SELECT g.staff_id, top.id, top.path, g.from_on, coalesce(g.to_on, 'infinity') AS to_on
        FROM staff_grant g
        JOIN groups top ON top.id = g.group_id
        WHERE (staff IS NULL OR g.staff_id = staff) AND (g.to_on IS NULL OR g.to_on >= g.from_on)
    ),
    reached AS (
        SELECT granted.staff_id, below.id AS group_id, true AS within, granted.from_on, granted.to_on
        FROM granted
        JOIN groups below ON below.path ^@ granted.path
        UNION ALL
        SELECT granted.staff_id, above.id, false, granted.from_on, granted.to_on
        FROM granted
        CROSS JOIN LATERAL unnest(string_to_array(rtrim(granted.path, '.'), '.')::bigint[]) AS above(id)
        WHERE above.id <> granted.id
    ),
    wanted AS (
        SELECT staff_id, group_id, bool_or(within) AS within,
            min(from_on) FILTER (WHERE within OR NOT inside) AS from_on,
            max(to_on) FILTER (WHERE within OR NOT inside) AS to_on
        FROM (SELECT *, bool_or(within) OVER (PARTITION BY staff_id, group_id) AS inside FROM reached) every
        GROUP BY staff_id, group_id
    ),
    gone AS (
        DELETE FROM scope s
        WHERE (staff IS NULL OR s.staff_id = staff)
            AND NOT EXISTS (SELECT FROM wanted w WHERE w.staff_id = s.staff_id AND w.group_id = s.group_id)
    )
    INSERT INTO scope (staff_id, group_id, within, from_on, to_on)
    SELECT staff_id, group_id, within, from_on, nullif(to_on, 'infinity') FROM wanted
    ON CONFLICT (staff_id, group_id)
    DO UPDATE SET within = excluded.within, from_on = excluded.from_on, to_on = excluded.to_on
    WHERE (scope.within, scope.from_on, scope.to_on)
        IS DISTINCT FROM (excluded.within, excluded.from_on, excluded.to_on)
$$;
REVOKE EXECUTE ON FUNCTION write_out_scope(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION write_out_scope(bigint) TO kontingent_staff, kontingent_jobs;
SELECT write_out_scope(NULL);

-- What somebody may do on a day (today, where none is given), and at which paths: '' is the whole organisation. It is
-- asked before the database knows who asks.
CREATE FUNCTION rights_of(staff bigint, on_day date) RETURNS TABLE (permission text, path text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT DISTINCT p.permission, coalesce(g.path, '')
    FROM (SELECT coalesce(on_day, (SELECT today FROM business_clock)) AS today) clock
    JOIN staff_grant h ON h.staff_id = staff AND h.from_on <= clock.today
        AND (h.to_on IS NULL OR h.to_on >= clock.today)
    JOIN role_permission p ON p.role_id = h.role_id
    LEFT JOIN groups g ON g.id = h.group_id
    ORDER BY 1, 2
$$;
REVOKE EXECUTE ON FUNCTION rights_of(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_of(bigint, date) TO kontingent_staff, kontingent_jobs;

-- What keeps the books and what is derived looks at all rows, whoever writes.
ALTER FUNCTION entry_is_on_an_open_day() SECURITY DEFINER SET search_path = public;
ALTER FUNCTION postings_fit_their_entry() SECURITY DEFINER SET search_path = public;
ALTER FUNCTION used_agreement_keeps_its_layout() SECURITY DEFINER SET search_path = public;
ALTER FUNCTION keep_words_of_names() SECURITY DEFINER SET search_path = public;
ALTER FUNCTION note_open_claims() SECURITY DEFINER SET search_path = public;
ALTER FUNCTION keep_group_words() SECURITY DEFINER SET search_path = public;

-- Recognises the living persons of a name whose birth date and whose e-mail or postal address somebody has written, all
-- of which must agree, and lets the transaction see them. Blanks and case do not matter in an address; an empty one is
-- nobody's. Those whose e-mail address agrees come first.
CREATE FUNCTION recognise_person(whose text, born date, mail text, street_key text, postcode_key text)
    RETURNS TABLE (person_id bigint, by_email boolean) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    FOR person_id, by_email IN
        SELECT p.id, p.email_key = mail AND mail <> ''
        FROM person p
        WHERE p.name_key = whose AND p.deceased_on IS NULL AND NOT p.organisation AND p.birth_date = born
            AND (p.email_key = mail AND mail <> ''
                OR p.street <> '' AND lower(replace(p.street, ' ', '')) = street_key
                    AND replace(p.postcode, ' ', '') = postcode_key)
        ORDER BY 2 DESC, 1
    LOOP
        PERFORM know_person(person_id);
        RETURN NEXT;
    END LOOP;
END
$$;

-- Recognises the living person of a name and an e-mail address who, as far as is known, was born by a day.
CREATE FUNCTION recognise_payer(whose text, mail text, born_by date)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    found_id bigint;
BEGIN
    SELECT p.id INTO found_id
    FROM person p
    WHERE p.name_key = whose AND p.deceased_on IS NULL AND NOT p.organisation AND p.email_key = mail AND mail <> ''
        AND (p.birth_date IS NULL OR p.birth_date <= born_by)
    ORDER BY p.id
    LIMIT 1;
    IF found_id IS NOT NULL THEN
        PERFORM know_person(found_id);
    END IF;
    RETURN found_id;
END
$$;

CREATE FUNCTION know_person(known bigint) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('app.recognised', concat_ws(',', nullif(current_setting('app.recognised', true), ''), known), true)
$$;
REVOKE EXECUTE ON FUNCTION know_person(bigint) FROM PUBLIC;

-- The owner may become each role of the house but is none of them: their policies would be the owner's, too, all at once.
DO $$
DECLARE
    role text;
    bypasses boolean;
BEGIN
    SELECT rolsuper OR rolbypassrls INTO bypasses FROM pg_roles WHERE rolname = current_user;
    IF bypasses THEN
        RETURN;
    END IF;
    FOREACH role IN ARRAY ARRAY['kontingent_centre', 'kontingent_jobs', 'kontingent_staff', 'kontingent_member',
        'kontingent_public']
    LOOP
        IF current_setting('server_version_num')::int >= 160000 THEN
            EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE', role, current_user);
        END IF;
        IF pg_has_role(current_user, role, 'USAGE') THEN
            RAISE EXCEPTION 'the role % inherits %; a superuser must say: ALTER ROLE % NOINHERIT',
                current_user, role, current_user;
        END IF;
    END LOOP;
END
$$;
