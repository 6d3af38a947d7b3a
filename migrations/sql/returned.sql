-- One more word in lists that stand in checks: whatever else they hold stays.
CREATE FUNCTION pg_temp.know_too(wanted_table text, wanted_name text, word text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    SELECT pg_get_constraintdef(c.oid) INTO STRICT said
    FROM pg_constraint c
    WHERE c.conrelid = wanted_table::regclass AND c.conname = wanted_name;
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', wanted_table, wanted_name);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I ', wanted_table, wanted_name)
        || replace(said, 'ARRAY[', format('ARRAY[%L::text, ', word));
END
$$;
SELECT pg_temp.know_too('payment_case', 'ck_payment_case_reason_known', 'returned');
SELECT pg_temp.know_too('account', 'ck_account_role_known', 'bank cost');
SELECT pg_temp.know_too('posting_rule', 'ck_posting_rule_event_known', 'bank cost');

-- A mail that money was returned belongs to whom the claim is open again.
CREATE OR REPLACE FUNCTION sees_subject(kind text, subject bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10000 AS $$
BEGIN
    RETURN CASE
        WHEN kind = 'invoice' THEN public.sees_invoice(subject)
        WHEN kind = 'reminder' THEN EXISTS (
            SELECT FROM public.reminder r WHERE r.id = subject AND public.sees_claim(r.claim_id)
        )
        WHEN kind IN ('receipt', 'returned') THEN EXISTS (
            SELECT FROM public.allocation a WHERE a.id = subject AND public.sees_claim(a.claim_id)
        )
        WHEN kind = 'approval' THEN EXISTS (
            SELECT FROM public.approval a
            WHERE a.id = subject
                AND a.proposed_by = (SELECT nullif(current_setting('app.user', true), '')::bigint)
        )
        ELSE public.sees_person(person)
    END;
END
$$;
