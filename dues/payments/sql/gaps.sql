-- Writes down between which statements of some accounts something is missing, and closes what is missing no more.
-- Statements of one series stand in the order in which the bank made them. Numbers begin anew with a year; numbers of
-- more than six digits are days or the like, and count nothing. A statement of the same days may stand on either side.
WITH counted AS (
    SELECT s.*, cast(substring(s.statement_number FROM '^[0-9]{1,6}(?![0-9])') AS integer) AS number
    FROM bank_section s
    WHERE s.agreement_id = ANY (cast(:ids AS bigint[])) AND s.series IS NOT NULL
),
neighbours AS (
    SELECT c.*, lag(c.id) OVER w AS before_id, lag(c.number) OVER w AS number_before,
        lag(c.created_on) OVER w AS created_before, lag(c.closing_balance) OVER w AS balance_before
    FROM counted c
    WINDOW w AS (PARTITION BY c.agreement_id, c.series ORDER BY c.created_on, c.number NULLS LAST, c.id)
),
judged AS (
    SELECT n.id AS section_id, n.before_id, n.agreement_id,
        CASE
            WHEN extract(year FROM n.created_on) = extract(year FROM n.created_before)
                THEN n.number > n.number_before + 1
            ELSE n.number > n.number_before + 1 OR n.number > 1 AND n.number < n.number_before
        END IS TRUE AS number_missing,
        n.balance_before <> n.opening_balance AND NOT EXISTS (
            SELECT FROM counted p
            WHERE p.agreement_id = n.agreement_id AND p.series = n.series AND p.id <> n.id
                AND p.created_on BETWEEN n.created_before AND n.created_on AND p.closing_balance = n.opening_balance
        ) IS TRUE AS balance_missing
    FROM neighbours n
    WHERE n.before_id IS NOT NULL
),
found AS (
    SELECT section_id, before_id, agreement_id,
        CASE WHEN number_missing AND balance_missing THEN 'both' WHEN number_missing THEN 'number' ELSE 'balance' END
            AS missing
    FROM judged
    WHERE number_missing OR balance_missing
),
closed AS (
    UPDATE bank_gap g SET closed_at = now(), closed_by = :actor
    WHERE g.agreement_id = ANY (cast(:ids AS bigint[])) AND g.closed_at IS NULL
        AND NOT EXISTS (SELECT FROM found f WHERE f.section_id = g.section_id AND f.before_id = g.before_id)
)
INSERT INTO bank_gap (agreement_id, before_id, section_id, missing)
SELECT agreement_id, before_id, section_id, missing FROM found
ON CONFLICT (section_id, before_id) DO NOTHING
