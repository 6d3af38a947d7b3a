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
