-- A digest of the set-up that previews are made from: prices, what they are made of, where they are booked, who sends.
SELECT md5(coalesce(string_agg(line, chr(10) ORDER BY line), ''))
FROM (
    SELECT 'price ' || p::text AS line FROM price_rule p
    UNION ALL
    SELECT 'discount ' || d::text FROM discount d
    UNION ALL
    SELECT 'component ' || c::text FROM fee_component c
    UNION ALL
    SELECT 'type ' || t::text FROM membership_type t
    UNION ALL
    SELECT 'part ' || p::text FROM type_component p
    UNION ALL
    SELECT 'booking ' || p::text FROM posting_rule p WHERE p.product_id IS NULL
    UNION ALL
    SELECT 'creditor ' || c::text FROM creditor c
    UNION ALL
    SELECT 'instalments ' || r::text FROM instalment_rule r WHERE r.ended_at IS NULL
    UNION ALL
    SELECT 'bank ' || a::text FROM bank_agreement a
    UNION ALL
    SELECT concat_ws(' ', 'group', g.id, g.path, g.creditor_id, g.colour, g.logo_id) FROM groups g
) setup
