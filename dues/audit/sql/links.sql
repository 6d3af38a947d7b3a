-- What breaks a stretch of the chain: links and lines that are missing, changed or out of order, and values that are
-- not those that were hashed, or gone before their time. The bytes of a line are composed here once more, so that the
-- proof does not ask the function that made the chain.
WITH link AS (
    SELECT k.seq, k.change_id, k.hash,
        lag(k.seq) OVER (ORDER BY k.seq) AS seq_before,
        coalesce(lag(k.hash) OVER (ORDER BY k.seq), CASE WHEN k.seq = 1 THEN decode(repeat('00', 32), 'hex') END)
            AS hash_before
    FROM audit_chain k
    WHERE k.seq BETWEEN cast(:first AS bigint) - 1 AND :last
),
line AS (
    SELECT link.*, c.id, c.recorded_at, c.digest, v.change_id AS valued,
        sha256(link.hash_before || convert_to(json_build_array(
            c.id, c.transaction, (extract(epoch FROM c.recorded_at) * 1000000)::bigint, c.actor, c.user_id, c.kind,
            c.relation, c.verb, c.key, c.last_key, c.touched, to_json(c.columns),
            (SELECT to_json(coalesce(array_agg(
                s.kind || ':' || s.subject_id ORDER BY s.kind COLLATE "C", s.subject_id), '{}'))
             FROM audit_subject s WHERE s.change_id = c.id),
            encode(c.digest, 'hex'))::text, 'UTF8')) AS should_be,
        sha256(v.salt || convert_to(json_build_array(v.address, v.why, v.content)::text, 'UTF8')) AS values_are
    FROM link
    LEFT JOIN audit_change c ON c.id = link.change_id
    LEFT JOIN audit_value v ON v.change_id = link.change_id
    WHERE link.seq >= :first
),
fault AS (
    SELECT seq, change_id,
        CASE
            WHEN seq > 1 AND seq_before IS DISTINCT FROM seq - 1 THEN 'missing link'
            WHEN id IS NULL THEN 'missing line'
            WHEN hash IS DISTINCT FROM should_be THEN 'changed'
            WHEN valued IS NOT NULL AND values_are IS DISTINCT FROM digest THEN 'changed values'
            WHEN valued IS NULL
                AND recorded_at >= coalesce(
                    (SELECT max(e.key::timestamptz) FROM audit_change e WHERE e.verb = 'erased' AND e.columns = '{}'),
                    '-infinity')
                AND NOT EXISTS (
                    SELECT FROM audit_subject s
                    JOIN audit_change e ON e.key = s.kind || ':' || s.subject_id
                        AND e.verb = 'erased' AND e.columns <> '{}' AND e.id > line.change_id
                    WHERE s.change_id = line.change_id)
                THEN 'missing values'
        END AS what
    FROM line
)
SELECT seq, change_id, what FROM fault WHERE what IS NOT NULL ORDER BY seq LIMIT :most
