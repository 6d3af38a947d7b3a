-- Money that came in, week by week: week 0 ends on the day, week 1 seven days before, and so on.
SELECT currency, (cast(:on AS date) - booked_on) / 7 AS week, sum(payments) AS payments, sum(received) AS received
FROM payment_day
WHERE booked_on > cast(:on AS date) - cast(:days_back AS integer) AND booked_on <= cast(:on AS date)
GROUP BY currency, week
ORDER BY currency, week
