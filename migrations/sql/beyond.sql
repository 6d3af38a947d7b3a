-- Whether somebody is, or pays for, a member outside of a place in the tree: whoever looks after the place does not see
-- those memberships, and does not change what other groups reach the person by. Tells no more than yes or no.
CREATE FUNCTION known_beyond(wanted bigint, place text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.membership m JOIN public.groups g ON g.id = m.group_id
        WHERE m.ended_on IS NULL AND NOT starts_with(g.path, place)
            AND (m.person_id = wanted OR m.person_id IN (SELECT y.person_id FROM public.payer y WHERE y.payer_id = wanted))
    );
END
$$;
REVOKE EXECUTE ON FUNCTION known_beyond(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known_beyond(bigint, text) TO kontingent_staff;
