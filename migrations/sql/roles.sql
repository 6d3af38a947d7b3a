-- The roles of the house. They own nothing; the owner may become each of them, the web only the last three.
-- Roles belong to the whole server, so several databases on it share them and each creation may find them there.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['kontingent_jobs', 'kontingent_staff', 'kontingent_member', 'kontingent_public']
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
        -- Since PostgreSQL 16 whoever creates a role administers it, but may not yet become it.
        BEGIN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        EXCEPTION
            WHEN insufficient_privilege OR internal_error THEN NULL;  -- granted by another, or just now
        END;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO kontingent_jobs, kontingent_staff, kontingent_member, kontingent_public;
