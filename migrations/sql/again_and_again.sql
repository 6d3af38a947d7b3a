-- Whose the days of a series are, and the log of what is changed in what is sent again and again.
CREATE FUNCTION series_of_mine(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.invoice_series s WHERE s.id = wanted AND public.sees_group(s.sender_id));
END
$$;
SELECT audit_watch('invoice_template', 'settings');
SELECT audit_watch('invoice_series', 'settings', '{next_on}');
