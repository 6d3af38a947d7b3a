-- The last year of each membership, component by component, as taken over from another system: no run charged it.
INSERT INTO fee_period (membership_id, component_id, after_on, from_on, to_on, state)
SELECT s.membership_id, c.component_id, '-infinity', s.from_on, s.to_on, 'covered'
FROM demo_stretch s
JOIN type_component c ON c.type_id = s.type_id
ORDER BY s.membership_id, c.component_id
