-- The register. One in fourteen of those who are invoiced has no e-mail address; a few of them no address at all.
INSERT INTO person (id, given_name, family_name, name_key, email, email_key, phone, birth_date, language, street,
    postcode, city, country)
SELECT p.id, given.value, family.value, family.key || ' ' || given.key, mail.address, mail.address,
    CASE WHEN p.age < 13 OR b.phones = 0 THEN ''
         ELSE b.phone || lpad((b.first_phone + pg_temp.draw(p.i, 9, b.phones))::text, 3, '0')
    END,
    (cast(:today AS date) - make_interval(years => p.age::int, days => pg_temp.draw(p.i, 10, 365)::int))::date,
    CASE WHEN pg_temp.draw(p.home, 11, 100) < 4 THEN 'en' ELSE b.language END,
    CASE WHEN lost.address THEN '' ELSE street.value || ' ' || 1 + pg_temp.draw(p.home, 12, 98) END,
    CASE WHEN lost.address THEN ''
         WHEN b.country = 'NL' THEN city.key || ' ' || chr((65 + pg_temp.draw(p.home, 13, 14))::int)
            || chr((65 + pg_temp.draw(p.home, 14, 14))::int)
         WHEN b.country = 'SE' THEN city.key || ' ' || 10 + pg_temp.draw(p.home, 13, 90)
         ELSE city.key || 10 + pg_temp.draw(p.home, 13, 90)
    END,
    CASE WHEN lost.address THEN '' ELSE city.value END,
    b.country
FROM demo_person p
JOIN demo_branch b ON b.branch = p.branch
JOIN demo_word given ON given.branch = p.branch AND given.kind = 'given' AND given.n = p.given
JOIN demo_word family ON family.branch = p.branch AND family.kind = 'family' AND family.n = p.family
JOIN demo_word street ON street.branch = p.branch AND street.kind = 'street' AND street.n = p.street
JOIN demo_word city ON city.branch = p.branch AND city.kind = 'city' AND city.n = p.local % b.cities
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN p.age < 13 OR pg_temp.draw(p.i, 15, 100) < 7 THEN ''
        ELSE given.mail || '.' || family.mail || '.' || p.i || (ARRAY['@example.org', '@example.com', '@example.net',
            '@post.example'])[1 + pg_temp.draw(p.i, 16, 4)]
    END AS address
) mail
CROSS JOIN LATERAL (SELECT mail.address = '' AND p.member AND NOT p.child AND pg_temp.draw(p.i, 17, 20) = 0 AS address) lost
ORDER BY p.id
