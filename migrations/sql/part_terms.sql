-- How much of a whole term's price a stretch costs, `charged_part` / `charged_whole`: besides a first stretch, one that
-- begins within a term of the calendar is prorated, too, as where a type went over from years of the day of joining. A
-- later stretch that begins with a term is a whole one, 1 / 1.
CREATE FUNCTION begins_term(period_from date, term_months bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(day FROM period_from) = 1 AND (extract(month FROM period_from)::bigint - 1) % term_months = 0;

CREATE OR REPLACE FUNCTION charged_part(period_from date, period_to date, calendar boolean, term_months bigint,
    proration text, first boolean) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN NOT calendar OR proration = 'none' OR NOT first AND begins_term(period_from, term_months) THEN 1
        WHEN proration = 'month' THEN
            ((extract(year FROM period_to) - extract(year FROM period_from)) * 12
             + extract(month FROM period_to) - extract(month FROM period_from))::bigint + 1
        WHEN period_to = period_end(period_from, period_from, true, term_months) THEN period_to - period_from + 1
        ELSE period_end(period_from, period_from, true, term_months) - period_from + 1
            + period_end(period_from, period_from, true, term_months) + 1
            - (period_end(period_from, period_from, true, term_months) + 1
               - make_interval(months => term_months::int))::date
    END;

CREATE OR REPLACE FUNCTION charged_whole(period_from date, calendar boolean, term_months bigint, proration text,
    first boolean) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN NOT calendar OR proration = 'none' OR NOT first AND begins_term(period_from, term_months) THEN 1
        WHEN proration = 'month' THEN term_months
        ELSE period_end(period_from, period_from, true, term_months) + 1
            - (period_end(period_from, period_from, true, term_months) + 1
               - make_interval(months => term_months::int))::date
    END;
