-- What the blocks of a file brought for each account by day: all of it, also what left.
CREATE TEMPORARY TABLE tally (agreement_id bigint, booked_on date, payments bigint, amount bigint) ON COMMIT DROP
