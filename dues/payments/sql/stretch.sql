-- Stretches of a file's stored payments that lie side by side and have creditor, day and currency in common; of those
-- that brought money, how many they are and how much.
CREATE TEMPORARY TABLE stretch (
    first bigint, last bigint, creditor_id bigint, booked_on date, currency text, payments bigint,
    incoming bigint, received bigint
) ON COMMIT DROP
