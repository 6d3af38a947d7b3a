-- Groups whose name has all words, each as the beginning of a word of it; the tree is small enough to be looked through.
SELECT g.id, g.uuid, g.slug, g.name, coalesce(above.name, '') AS above
FROM groups g
LEFT JOIN groups above ON above.id = g.parent_id
WHERE strpos(' ' || translate(g.name_key, '-', ' '), ' ' || (cast(:words AS text[]))[1]) > 0
    AND (SELECT bool_and(strpos(' ' || translate(g.name_key, '-', ' '), ' ' || word) > 0)
         FROM unnest(cast(:words AS text[])) word)
ORDER BY g.name_key ^@ cast(:phrase AS text) DESC, g.name_key, g.id
LIMIT :rows
