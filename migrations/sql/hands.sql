-- Who alone stands behind two of the staff, so that they cannot be two persons for something: whoever could have made
-- both of them able to do it without anybody else (one of them does, if the other's role comes from them alone). NULL
-- where there is no such person.
--
-- Roles come from hands: the house (the command line) or somebody who may give roles, whose own role has come from
-- hands. Each who has ever laid a hand on is left out in turn; if neither of the two can then be reached from the house
-- any more, that one stands behind both. A hand vouches for what a role could do when it was laid on; what a role of
-- the organisation's own came to be able to do later needs another.
CREATE FUNCTION stands_behind_both(proposer bigint, second bigint, wanted text, place text, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public COST 10000 AS $$
DECLARE
    alone bigint;
    reached boolean;
BEGIN
    FOR alone IN
        SELECT one.id
        FROM (SELECT proposer AS id UNION SELECT second UNION SELECT h.staff_id FROM grant_hand h) one
        WHERE one.id IS NOT NULL
        -- One of the two themselves before somebody behind both.
        ORDER BY one.id NOT IN (proposer, second), one.id
    LOOP
        WITH RECURSIVE able AS MATERIALIZED (
            SELECT g.id AS grant_id, coalesce(h.staff_id, 0) AS by_id, g.staff_id, g.group_id, p.permission,
                g.from_on <= day AND (g.to_on IS NULL OR g.to_on >= day) AS now
            FROM staff_grant g
            JOIN grant_hand h ON h.grant_id = g.id
            JOIN staff_role r ON r.id = g.role_id
            JOIN role_permission p ON p.role_id = r.id
            WHERE p.permission IN (wanted, 'staff.edit', 'groups.open')
                AND (r.built_in OR p.permission = ANY (h.permissions)) AND g.staff_id <> alone
        ),
        free (staff_id) AS (
            SELECT 0::bigint
            UNION
            SELECT a.staff_id
            FROM free f
            JOIN able a ON a.by_id = f.staff_id
            WHERE a.permission IN ('staff.edit', 'groups.open') AND a.group_id IS NULL
        )
        SELECT EXISTS (
            SELECT FROM able a
            JOIN free f ON f.staff_id = a.by_id
            LEFT JOIN groups top ON top.id = a.group_id
            WHERE (a.group_id IS NULL OR starts_with(place, top.path)) AND (
                a.staff_id = second AND a.permission = wanted AND a.now
                -- Whoever opens a group proposes its account by that right.
                OR a.staff_id = proposer AND a.permission IN (wanted, 'groups.open')
            )
        ) INTO reached;
        IF NOT reached THEN
            RETURN alone;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION stands_behind_both(bigint, bigint, text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stands_behind_both(bigint, bigint, text, text, date) TO kontingent_staff, kontingent_jobs;
