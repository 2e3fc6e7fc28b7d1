INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(id) AS first_id, CLASSIFIER() AS last, a.id AS a, b.id AS b, c.id AS c
    PATTERN (PERMUTE(a, b, c))
    DEFINE a AS page = 'view', b AS page IN ('cart', 'help'), c AS page IN ('buy', 'view')
);
