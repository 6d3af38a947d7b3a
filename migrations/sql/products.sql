-- Whose a product's prices are, and the log of what is changed in the library.
CREATE FUNCTION product_around_me(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.product p WHERE p.id = wanted AND public.near_group(p.group_id));
END
$$;
CREATE FUNCTION product_of_mine(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.product p WHERE p.id = wanted AND public.sees_group(p.group_id));
END
$$;
SELECT audit_watch('product', 'settings');
SELECT audit_watch('product_price', 'settings');
