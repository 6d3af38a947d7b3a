-- What a statement books on a bank's account, or on the one for what waits, is written beside the sums of its days: two
-- slices that book on one day never wait for each other. The function looks with the owner's eyes: whoever posts need
-- not see all accounts.
CREATE FUNCTION note_ledger_days() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_day_change (account_id, on_date, creditor_id, amount, of_payments)
    SELECT a.id, side.on_date, a.creditor_id, sum(side.amount),
        coalesce(sum(side.amount) FILTER (WHERE side.payment_id IS NOT NULL), 0)
    FROM (
        SELECT debit_account_id AS account_id, on_date, amount, payment_id FROM added
        UNION ALL
        SELECT credit_account_id, on_date, -amount, payment_id FROM added
    ) side
    JOIN account a ON a.id = side.account_id
    WHERE a.role IN ('bank', 'unidentified')
    GROUP BY a.id, side.on_date, a.creditor_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER posting_days AFTER INSERT ON posting
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_ledger_days();

INSERT INTO ledger_day (account_id, on_date, creditor_id, amount, of_payments)
SELECT a.id, side.on_date, a.creditor_id, sum(side.amount),
    coalesce(sum(side.amount) FILTER (WHERE side.payment_id IS NOT NULL), 0)
FROM (
    SELECT debit_account_id AS account_id, on_date, amount, payment_id FROM posting
    UNION ALL
    SELECT credit_account_id, on_date, -amount, payment_id FROM posting
) side
JOIN account a ON a.id = side.account_id
WHERE a.role IN ('bank', 'unidentified')
GROUP BY a.id, side.on_date, a.creditor_id;
