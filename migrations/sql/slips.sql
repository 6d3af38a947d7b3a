-- The invoice whose link a visitor holds, what stands on its slip, what these credit, and what credits them.
CREATE OR REPLACE FUNCTION behind_link(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
COST 10000 AS $$
DECLARE
    held bigint;
BEGIN
    SELECT l.invoice_id INTO held
    FROM public.access_link l
    WHERE l.token_hash = decode(current_setting('app.link', true), 'hex');
    RETURN wanted = held
        OR EXISTS (SELECT FROM public.invoice n WHERE n.id = held AND n.credits_id = wanted)
        OR EXISTS (SELECT FROM public.invoice n WHERE n.id = wanted AND n.credits_id = held)
        OR EXISTS (
            SELECT FROM public.slip_part own
            JOIN public.slip_part other ON other.run_id = own.run_id AND other.slip_seq = own.slip_seq
            WHERE own.invoice_id = held AND own.collects
                AND (other.invoice_id = wanted
                    OR EXISTS (SELECT FROM public.invoice n WHERE n.id = wanted AND n.credits_id = other.invoice_id))
        );
END
$$;

-- Whether a number, in E.164, is a mobile telephone's: SE 7, NO 4 and 9, DK (which keeps none apart), FI 4 and 50, NL 6,
-- DE 15 to 17, AT 6, CH 7, BE 4, GB 7, FR 6 and 7 (the numbering plans as the ITU publishes them).
CREATE FUNCTION is_mobile(phone text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT phone ~ '^\+(467|474|479|45|3584|35850|316|491[567]|436|417|324|447|33[67])[0-9]{5,}$'
$$;

-- By which channel somebody is written to: mail first, then (where a creditor sends them) text messages, then paper.
CREATE FUNCTION way_to(email text, phone text, sms boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN email <> '' THEN 'email' WHEN sms AND is_mobile(phone) THEN 'sms' ELSE 'print' END
$$;
