-- References. Luhn (MOD10, ISO/IEC 7812-1 annex B) over a number's digits: taken in pairs from the right, the
-- check digit to come makes every pair's right digit the doubled one. weight(ab) = a + digits(2b).
CREATE FUNCTION luhn_check_digit(payload bigint) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    rest bigint := payload;
    total bigint := 0;
BEGIN
    WHILE rest > 0 LOOP
        total := total + rest % 10 * 2 % 10 + rest % 10 / 5 + rest / 10 % 10;
        rest := rest / 100;
    END LOOP;
    RETURN (10 - total % 10) % 10;
END
$$;

-- A payment reference for a number, by the layout of a bank agreement: `length` is that of the whole reference.
-- OCR: number, length digit (length modulo 10) where agreed, Luhn digit. KID: number, Luhn digit (MOD10). The number
-- is filled up to the length with 1, 10, 100, ... before it: a reference that begins with zeros comes back without them.
-- RF: ISO 11649, "RF", check digits 98 - (number || 'RF00' as 271500) mod 97, number without leading zeros.
-- Null when the number does not fit the layout.
CREATE FUNCTION payment_reference_for(kind text, length bigint, length_digit boolean, number bigint) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
    IF kind = 'rf' THEN
        IF char_length(number::text) > length OR number >= 1000000000000 THEN
            RETURN NULL;
        END IF;
        RETURN 'RF' || lpad((98 - (number * 1000000 + 271500) % 97)::text, 2, '0') || number::text;
    END IF;
    IF char_length(number::text) > length - 2 - length_digit::int THEN
        RETURN NULL;
    END IF;
    number := number + (10 ^ (length - 2 - length_digit::int))::bigint;
    IF length_digit THEN
        number := number * 10 + length % 10;
    END IF;
    RETURN (number * 10 + luhn_check_digit(number))::text;
END
$$;

-- What a reference is looked up by: blanks, hyphens and case do not matter.
CREATE FUNCTION normalised_reference(written text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN upper(translate(written, ' -./', ''));

-- The last day of a fee period that starts on `period_from`. A calendar term ends with its month, quarter,
-- half-year or year. Another term ends the day before the same day of month `term_months` later; who joined on
-- the 31st comes back to the 31st after a shorter month.
CREATE FUNCTION period_end(period_from date, joined_on date, calendar boolean, term_months bigint) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN calendar THEN
            (date_trunc('year', period_from::timestamp)
             + make_interval(months => ((extract(month FROM period_from)::int - 1) / term_months::int + 1) * term_months::int)
            )::date - 1
        WHEN extract(day FROM joined_on) > extract(day FROM period_from)
             AND extract(day FROM period_from + 1) = 1 THEN
            least(
                (date_trunc('month', period_from::timestamp) + make_interval(months => term_months::int + 1))::date - 1,
                (date_trunc('month', period_from::timestamp) + make_interval(months => term_months::int))::date
                + extract(day FROM joined_on)::int - 1
            ) - 1
        ELSE (period_from + make_interval(months => term_months::int))::date - 1
    END;
