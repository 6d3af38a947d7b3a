-- What the first stretch of a membership is charged for, and whose prices take a share of what somebody earns.

-- The last day of what is charged at once. It is that of `period_end`; but whoever joins (`first`) in the last
-- `late_months` months of a term of the calendar is charged through the next one.
CREATE FUNCTION charged_end(period_from date, joined_on date, calendar boolean, term_months bigint, late_months bigint,
    first boolean) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN first AND calendar AND late_months > 0
            AND period_from >= (period_end(period_from, joined_on, true, term_months) + 1
                - make_interval(months => late_months::int))::date
        THEN period_end(period_end(period_from, joined_on, true, term_months) + 1, joined_on, true, term_months)
        ELSE period_end(period_from, joined_on, calendar, term_months)
    END;

-- How much of a whole term's price a stretch costs is `charged_part` / `charged_whole`. Only the first stretch of a
-- term of the calendar is prorated: by the months it touches, or by its days out of those of the term it begins in; a
-- term that follows it in the same stretch counts in full. 1 / 1 is a whole term.
CREATE FUNCTION charged_part(period_from date, period_to date, calendar boolean, term_months bigint, proration text,
    first boolean) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN NOT first OR NOT calendar OR proration = 'none' THEN 1
        WHEN proration = 'month' THEN
            ((extract(year FROM period_to) - extract(year FROM period_from)) * 12
             + extract(month FROM period_to) - extract(month FROM period_from))::bigint + 1
        WHEN period_to = period_end(period_from, period_from, true, term_months) THEN period_to - period_from + 1
        ELSE period_end(period_from, period_from, true, term_months) - period_from + 1
            + period_end(period_from, period_from, true, term_months) + 1
            - (period_end(period_from, period_from, true, term_months) + 1
               - make_interval(months => term_months::int))::date
    END;
CREATE FUNCTION charged_whole(period_from date, calendar boolean, term_months bigint, proration text, first boolean)
    RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN NOT first OR NOT calendar OR proration = 'none' THEN 1
        WHEN proration = 'month' THEN term_months
        ELSE period_end(period_from, period_from, true, term_months) + 1
            - (period_end(period_from, period_from, true, term_months) + 1
               - make_interval(months => term_months::int))::date
    END;

-- The day on which an age is judged for a stretch that begins on `period_from`: that day, or a stated day of its year.
CREATE FUNCTION age_day(period_from date, in_month bigint, on_day bigint) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN in_month IS NULL THEN period_from
        ELSE make_date(extract(year FROM period_from)::int, in_month::int, on_day::int) END;

-- A fee that is a share of a yearly income, by the formula of a line: share in basis points, months of a term, floor
-- and cap (-1 for none), part and whole of the term, then what is taken off in order: basis points of what is left, or
-- (below zero) an amount. Each step is rounded half away from zero, as `dues/pricing/resolve.py` does.
CREATE FUNCTION income_fee(income bigint, formula bigint[]) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    amount bigint := round(income::numeric * formula[1] * formula[2] / 120000);
    cut bigint;
BEGIN
    IF formula[3] >= 0 THEN amount := greatest(amount, formula[3]); END IF;
    IF formula[4] >= 0 THEN amount := least(amount, formula[4]); END IF;
    FOREACH cut IN ARRAY formula[7:] LOOP
        amount := amount - CASE WHEN cut >= 0 THEN round(amount::numeric * cut / 10000)::bigint
                                ELSE least(amount, -cut) END;
    END LOOP;
    RETURN round(amount::numeric * formula[5] / formula[6]);
END
$$;
-- What a line of a price class costs somebody: its amount, unless it follows an income that is known.
CREATE FUNCTION line_fee(amount bigint, income bigint, formula bigint[]) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN formula IS NULL OR income IS NULL THEN amount ELSE income_fee(income, formula) END;

SELECT audit_watch('segment', 'settings');
SELECT audit_watch('discount', 'settings');
SELECT audit_watch('person_segment', 'persons');
SELECT audit_watch('person_income', 'persons', '{}', '{amount}');
