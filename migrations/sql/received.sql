-- Whose books take in what was settled: the group's own, where it keeps any. Whoever settles may not see those books.
CREATE FUNCTION name_receiver() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT c.id INTO NEW.receiver_id
    FROM creditor c
    JOIN books b ON b.creditor_id = c.id
    WHERE c.group_id = NEW.group_id AND c.id <> NEW.creditor_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER settlement_receiver BEFORE INSERT ON settlement FOR EACH ROW EXECUTE FUNCTION name_receiver();
