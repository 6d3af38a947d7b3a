-- What a payer quotes for one part of an invoice that is paid in parts; null where it does not fit the agreement. OCR and
-- KID begin with 2 where references of whole invoices begin with 1, RF with 9 at full length: no invoice's own reference
-- is ever that of a part. Then come the part in two digits and the invoice's number.
CREATE FUNCTION part_reference_for(kind text, length bigint, length_digit boolean, number bigint, part bigint)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    digits integer := CASE WHEN kind = 'rf' THEN least(length, 12) ELSE length - 2 - length_digit::int END;
BEGIN
    IF kind = 'rf' THEN
        IF digits < 6 OR number >= 10::numeric ^ (digits - 3) THEN
            RETURN NULL;
        END IF;
        number := (9 * 10::numeric ^ (digits - 1) + part * 10::numeric ^ (digits - 3))::bigint + number;
        RETURN 'RF' || lpad((98 - (number * 1000000 + 271500) % 97)::text, 2, '0') || number::text;
    END IF;
    IF digits < 4 OR number >= 10::numeric ^ (digits - 2) THEN
        RETURN NULL;
    END IF;
    number := (2 * 10::numeric ^ digits + part * 10::numeric ^ (digits - 2))::bigint + number;
    IF length_digit THEN
        number := number * 10 + length % 10;
    END IF;
    RETURN (number * 10 + luhn_check_digit(number))::text;
END
$$;

-- By when a part is to be paid: so many weeks or months after the first, on its day of the month or, in a shorter one, the
-- last.
CREATE FUNCTION part_due_on(first_on date, part bigint, every bigint, unit text) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (first_on + CASE WHEN unit = 'week' THEN make_interval(weeks => ((part - 1) * every)::int)
                            ELSE make_interval(months => ((part - 1) * every)::int) END)::date;

-- How much a part asks for: all the same, and what cannot be shared evenly one minor unit each on the first of them.
CREATE FUNCTION part_amount(amount bigint, parts bigint, part bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN amount / parts + (part <= amount % parts)::int;
