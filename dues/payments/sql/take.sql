-- Stores a block of a file's payments, those that were not seen before, and writes down which of them lie side by side.
-- Twins within a file are told apart by their occurrence, so that both count, and a row seen in an earlier file does
-- not: the n-th of a key in this file is the n-th that was stored or found known before it, wherever the blocks
-- divide. Almost every key is new; only for others is anything looked up but that.
WITH came AS (
    SELECT i.*, seen.own, seen.others,
        row_number() OVER (PARTITION BY i.agreement_id, i.key ORDER BY i.ordinal) + seen.own
        + CASE WHEN seen.others > 0 THEN (
            SELECT count(*) FROM known k WHERE k.agreement_id = i.agreement_id AND k.key = i.key
        ) ELSE 0 END AS occurrence
    FROM incoming i
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE p.file_id = :file) AS own, count(*) FILTER (WHERE p.file_id <> :file) AS others
        FROM payment p
        WHERE p.agreement_id = i.agreement_id AND p.key = i.key
    ) seen
),
compared AS MATERIALIZED (
    SELECT came.*, before.id IS NOT NULL AS known,
        before.id IS NOT NULL AND (before.amount, before.currency) IS DISTINCT FROM (came.amount, came.currency)
            AS contradicts
    FROM came
    LEFT JOIN LATERAL (
        SELECT p.id, p.amount, p.currency
        FROM payment p
        WHERE came.others > 0 AND p.agreement_id = came.agreement_id AND p.key = came.key
            AND p.occurrence = came.occurrence
        LIMIT 1
    ) before ON true
),
stored AS (
    INSERT INTO payment (file_id, section_id, agreement_id, creditor_id, key, occurrence, kind, amount, currency,
        booked_on, value_on, reference, "references", message, payer_name, payer_account, end_to_end_id,
        return_reason, originals, charges, exchanged, position)
    SELECT :file, (cast(:sections AS bigint[]))[section], agreement_id, creditor_id, key, occurrence, kind, amount,
        currency, booked_on, value_on, normalised_reference(reference), "references", message, payer_name,
        payer_account, end_to_end_id, return_reason, originals, charges, exchanged, position
    FROM compared
    WHERE NOT known
    ORDER BY creditor_id, booked_on, currency, ordinal
    RETURNING id, creditor_id, booked_on, currency, amount, agreement_id
),
lying AS (
    INSERT INTO stretch (first, last, creditor_id, booked_on, currency, payments, incoming, received)
    SELECT min(id), max(id), creditor_id, booked_on, currency, count(*), count(*) FILTER (WHERE amount > 0),
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0)
    FROM stored
    GROUP BY creditor_id, booked_on, currency
),
tallied AS (
    INSERT INTO tally (agreement_id, booked_on, payments, amount)
    SELECT agreement_id, booked_on, count(*), sum(amount) FROM stored GROUP BY agreement_id, booked_on
),
remembered AS (
    INSERT INTO known (agreement_id, key, ordinal) SELECT agreement_id, key, ordinal FROM compared WHERE known
)
SELECT count(*) FILTER (WHERE NOT known) AS stored,
    -- "~" stands in the key for the content, where the bank gave no number of its own.
    count(*) FILTER (WHERE known AND strpos(key, '|~') > 0) AS alike,
    count(*) FILTER (WHERE booked_on > cast(:on AS date)) AS ahead,
    min(ordinal) FILTER (WHERE contradicts) AS contradiction
FROM compared
