-- Writes the fee periods of a stretch, one for each component.
INSERT INTO fee_period (membership_id, component_id, after_on, from_on, to_on, state)
SELECT :membership, component, coalesce(cast(:charged_before AS date), '-infinity'), cast(:first_day AS date),
    cast(:through AS date), CASE WHEN cast(:covered AS boolean) THEN 'covered' ELSE 'charged' END
FROM unnest(cast(:components AS bigint[])) AS component
