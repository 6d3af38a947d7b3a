-- Takes the next waiting messages of a channel for one worker until their claim runs out. Those of a lapsed claim
-- are taken together, whole and apart from others: what a killed worker was printing is printed under the same
-- name again. With :urgent only urgent ones are taken.
WITH first AS (
    SELECT m.state, m.claimed_until
    FROM message m
    WHERE m.id >= :since AND m.state IN ('queued', 'sending') AND m.channel = :channel AND m.kind = ANY(cast(:kinds AS text[]))
        AND (m.urgent OR NOT :urgent)
        AND (m.state = 'queued' AND (m.not_before IS NULL OR m.not_before <= now())
             OR m.state = 'sending' AND m.claimed_until < now())
    ORDER BY m.id
    LIMIT 1
),
waiting AS (
    SELECT m.id
    FROM first, message m
    WHERE m.id >= :since AND m.state IN ('queued', 'sending') AND m.channel = :channel AND m.kind = ANY(cast(:kinds AS text[]))
        AND (m.urgent OR NOT :urgent)
        AND m.state = first.state
        AND (m.state = 'queued' AND (m.not_before IS NULL OR m.not_before <= now())
             OR m.state = 'sending' AND m.claimed_until = first.claimed_until)
    ORDER BY m.id
    LIMIT (SELECT CASE WHEN state = 'queued' THEN cast(:size AS bigint) END FROM first)
    FOR UPDATE OF m SKIP LOCKED
)
UPDATE message m
SET state = 'sending', attempts = m.attempts + 1, claimed_until = now() + cast(:lease AS interval)
WHERE m.id = ANY(ARRAY(SELECT id FROM waiting)) -- an array goes by the key; a join reads the whole table
RETURNING m.id, m.kind, m.subject_id, m.copy, m.person_id, m.channel, m.address, m.language, m.attempts, m.recorded_at
