-- Rows of a run as people read them: whose, who pays, for which group and stretch, and the invoice once
-- it is written.
SELECT i.seq, i.state, i.reason, i.class_number, i.period_from, i.period_to, i.amount, i.currency, i.channel,
    member.id AS member_id, member.uuid AS member_uuid,
    ltrim(member.given_name || ' ' || member.family_name) AS member,
    payer.uuid AS payer_uuid,
    CASE WHEN payer.id = member.id THEN '' ELSE ltrim(payer.given_name || ' ' || payer.family_name) END AS payer,
    g.id AS group_id, g.uuid AS group_uuid, g.name AS "group", t.names AS type_names,
    m.charged_through IS DISTINCT FROM i.charged_before AS since,
    invoice.uuid AS invoice_uuid, invoice.number, coalesce(rule.parts, 1) AS parts,
    i.joint_seq, i.slip_seq
FROM invoice_item i
JOIN person member ON member.id = i.person_id
JOIN person payer ON payer.id = i.payer_id
JOIN groups g ON g.id = i.group_id
JOIN membership m ON m.id = i.membership_id
JOIN membership_type t ON t.id = m.type_id
LEFT JOIN instalment_rule rule ON rule.id = i.rule_id
LEFT JOIN invoice ON invoice.payer_id = i.payer_id AND invoice.run_id = i.run_id AND invoice.item_seq = coalesce(i.joint_seq, i.seq)
WHERE i.run_id = :run AND i.seq = ANY(cast(:ids AS bigint[]))
ORDER BY i.seq
