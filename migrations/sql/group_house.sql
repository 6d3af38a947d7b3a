-- What the house of a group asks beyond its own wall, each looking with the owner's eyes and telling no more than that.
CREATE FUNCTION sees_settlement(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.settlement s
        WHERE s.id = wanted AND (s.group_id IN (SELECT g.group_id FROM public.my_groups g)
            OR s.creditor_id IN (SELECT c.creditor_id FROM public.my_creditors c))
    );
END
$$;
-- Whether any invoice or preview was made with a price: whoever sets it may not see their runs.
CREATE FUNCTION price_is_used(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.price_class_line l WHERE l.rule_id = wanted);
END
$$;
-- Who holds a permission at a place in the tree, or above it, on a day: those who may agree are told, wherever they are.
CREATE FUNCTION who_may(wanted text, place text, day date) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN QUERY
        SELECT DISTINCT g.staff_id
        FROM public.staff_grant g
        JOIN public.role_permission p ON p.role_id = g.role_id AND p.permission = wanted
        LEFT JOIN public.groups top ON top.id = g.group_id
        WHERE g.from_on <= day AND (g.to_on IS NULL OR g.to_on >= day)
            AND (g.group_id IS NULL OR starts_with(place, top.path));
END
$$;
REVOKE EXECUTE ON FUNCTION price_is_used(bigint), who_may(text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION price_is_used(bigint), who_may(text, text, date) TO kontingent_staff, kontingent_jobs;
-- A mail to staff that something waits belongs to who may see what waits.
CREATE OR REPLACE FUNCTION sees_subject(kind text, subject bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN CASE kind
        WHEN 'invoice' THEN public.sees_invoice(subject)
        WHEN 'reminder' THEN EXISTS (
            SELECT FROM public.reminder r WHERE r.id = subject AND public.sees_claim(r.claim_id)
        )
        WHEN 'receipt' THEN EXISTS (
            SELECT FROM public.allocation a WHERE a.id = subject AND public.sees_claim(a.claim_id)
        )
        WHEN 'approval' THEN EXISTS (
            SELECT FROM public.approval a
            WHERE a.id = subject
                AND a.proposed_by = (SELECT nullif(current_setting('app.user', true), '')::bigint)
        )
        ELSE public.sees_person(person)
    END;
END
$$;
