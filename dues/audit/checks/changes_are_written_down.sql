-- Every trigger that writes the audit log, and those that refuse to have it rewritten, stand and are switched on.
SELECT count(*)
FROM (
    SELECT relation, trigger FROM audit_watched
    UNION ALL
    VALUES ('audit_change', 'audit_change_never_changes'), ('audit_value', 'audit_value_never_changes'),
           ('audit_subject', 'audit_subject_never_changes'), ('audit_chain', 'audit_chain_never_changes')
) wanted (table_name, trigger_name)
LEFT JOIN pg_trigger t ON t.tgrelid = to_regclass(wanted.table_name) AND t.tgname = wanted.trigger_name
WHERE t.tgenabled IS DISTINCT FROM 'O'
