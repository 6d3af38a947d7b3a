-- An account day by day, from :from_day through :through: what the bank says (the last closing balance of that day or
-- before), what its files brought, what the books hold, of that what came from files, and what of the creditor's money
-- in this currency waits for a use. All are balances at the end of the day, in minor units.
WITH booked AS (
    SELECT account_id, on_date, amount, of_payments FROM ledger_day WHERE account_id IN (:account, :unidentified)
    UNION ALL
    SELECT account_id, on_date, amount, of_payments FROM ledger_day_change WHERE account_id IN (:account, :unidentified)
),
moved AS (
    SELECT greatest(booked_on, cast(:from_day AS date)) AS day, sum(amount) AS imported,
        sum(payments) FILTER (WHERE booked_on >= cast(:from_day AS date)) AS payments, 0 AS books, 0 AS of_payments,
        0 AS unallocated
    FROM account_day
    WHERE agreement_id = :agreement AND booked_on <= cast(:through AS date)
    GROUP BY 1
    UNION ALL
    SELECT greatest(on_date, cast(:from_day AS date)), 0, 0,
        coalesce(sum(amount) FILTER (WHERE account_id = :account), 0),
        coalesce(sum(of_payments) FILTER (WHERE account_id = :account), 0),
        coalesce(-sum(amount) FILTER (WHERE account_id = :unidentified), 0)
    FROM booked
    WHERE on_date <= cast(:through AS date)
    GROUP BY 1
),
daily AS (
    SELECT cast(every.day AS date) AS day, coalesce(sum(m.imported), 0) AS imported,
        coalesce(sum(m.payments), 0) AS payments, coalesce(sum(m.books), 0) AS books,
        coalesce(sum(m.of_payments), 0) AS of_payments, coalesce(sum(m.unallocated), 0) AS unallocated
    FROM generate_series(cast(:from_day AS date), cast(:through AS date), interval '1 day') every (day)
    LEFT JOIN moved m ON m.day = cast(every.day AS date)
    GROUP BY 1
),
first AS (
    -- What was on the account before anything of it was known here.
    SELECT s.closing_balance - (
        SELECT coalesce(sum(amount), 0) FROM account_day
        WHERE agreement_id = :agreement AND booked_on <= s.closing_on
    ) AS held, s.closing_on
    FROM bank_section s
    WHERE s.agreement_id = :agreement AND s.closing_on IS NOT NULL
    ORDER BY s.closing_on, s.id
    LIMIT 1
),
newest AS (
    SELECT max(closing_on) AS closing_on FROM bank_section WHERE agreement_id = :agreement AND closing_on IS NOT NULL
)
SELECT d.day,
    -- A balance holds until the next one, as long as nothing is known to have moved.
    CASE
        WHEN d.day <= newest.closing_on AND NOT EXISTS (
            SELECT FROM account_day a
            WHERE a.agreement_id = :agreement AND a.booked_on > bank.closing_on AND a.booked_on <= d.day
        ) THEN bank.closing_balance
    END AS bank,
    coalesce(bank.closing_on = d.day, false) AS stated, first.held,
    sum(d.imported) OVER w AS imported, d.payments, sum(d.books) OVER w AS books,
    sum(d.of_payments) OVER w AS of_payments, sum(d.unallocated) OVER w AS unallocated
FROM daily d
CROSS JOIN newest
LEFT JOIN first ON true
LEFT JOIN LATERAL (
    SELECT s.closing_balance, s.closing_on
    FROM bank_section s
    WHERE s.agreement_id = :agreement AND s.closing_on <= d.day
    ORDER BY s.closing_on DESC, s.created_on DESC, s.id DESC
    LIMIT 1
) bank ON true
WINDOW w AS (ORDER BY d.day)
ORDER BY d.day DESC
