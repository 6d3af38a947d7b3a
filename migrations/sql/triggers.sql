-- What must never happen is refused here, whoever asks.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted; they are corrected by new ones', tg_table_name
        USING ERRCODE = 'KG001';
END
$$;

CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_line_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice_line
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payee_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payee
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER frozen_text_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON frozen_text
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER books_closed_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON books_closed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER number_void_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON number_void
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Posting holds the creditor's books shared, closing holds them exclusively: a posting that was under way when
-- the day closed is waited for, one that comes later sees the closed day. The first key is this lock's own
-- number among advisory locks; the second is the creditor.
CREATE FUNCTION entry_is_on_an_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1262, new.creditor_id::int);
    SELECT closed_through INTO closed FROM books WHERE creditor_id = new.creditor_id;
    IF new.on_date <= closed THEN
        RAISE EXCEPTION 'the books are closed through %, an entry on % is not possible', closed, new.on_date
            USING ERRCODE = 'KG002';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER entry_on_open_day BEFORE INSERT ON entry
    FOR EACH ROW EXECUTE FUNCTION entry_is_on_an_open_day();

-- One join for each statement instead of foreign keys for each row: every posting has its entry, written in this
-- very transaction and on the same day, and two accounts of that entry's creditor in the posting's currency.
CREATE FUNCTION postings_fit_their_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad bigint;
BEGIN
    SELECT count(*) INTO bad
    FROM added p
    LEFT JOIN entry e ON e.id = p.entry_id
    LEFT JOIN account d ON d.id = p.debit_account_id
    LEFT JOIN account c ON c.id = p.credit_account_id
    WHERE (e.transaction = (pg_current_xact_id()::text)::bigint
           AND e.on_date = p.on_date
           AND d.creditor_id = e.creditor_id AND d.currency = p.currency
           AND c.creditor_id = e.creditor_id AND c.currency = p.currency) IS NOT TRUE;
    IF bad > 0 THEN
        RAISE EXCEPTION '% postings do not fit their entry: another transaction, day, creditor or currency', bad
            USING ERRCODE = 'KG003';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER posting_fits_entry AFTER INSERT ON posting
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION postings_fit_their_entry();

-- The layout of references is frozen once an agreement has been printed on a document.
CREATE FUNCTION used_agreement_keeps_its_layout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (new.reference_kind, new.reference_length, new.length_digit, new.scheme, new.number, new.currency, new.creditor_id)
       IS DISTINCT FROM
       (old.reference_kind, old.reference_length, old.length_digit, old.scheme, old.number, old.currency, old.creditor_id)
       AND EXISTS (SELECT FROM payee WHERE agreement_id = old.id)
    THEN
        RAISE EXCEPTION 'this bank agreement is in use; make a new one instead of changing it'
            USING ERRCODE = 'KG004';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER agreement_layout_is_frozen BEFORE UPDATE ON bank_agreement
    FOR EACH ROW EXECUTE FUNCTION used_agreement_keeps_its_layout();

-- A change of a claim may settle it, dun it or hold it; what was agreed stays.
CREATE FUNCTION claim_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'amount, currency, debtor and due date of a claim are never changed'
        USING ERRCODE = 'KG001';
END
$$;

CREATE TRIGGER claim_terms_are_frozen BEFORE UPDATE OF amount, currency, due_on, debtor_id, creditor_id, invoice_id ON claim
    FOR EACH STATEMENT EXECUTE FUNCTION claim_keeps_its_terms();
CREATE TRIGGER claim_never_goes BEFORE DELETE OR TRUNCATE ON claim
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
