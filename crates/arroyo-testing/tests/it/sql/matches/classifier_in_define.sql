INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES CLASSIFIER() AS last, FIRST(id) AS first_id, LAST(id) AS last_id
    PATTERN ((a | b) c+ d)
    DEFINE a AS page = 'view', b AS page = 'cart', c AS page <> 'exit' AND (CLASSIFIER(c) = 'c' OR id > 0), d AS LAST(id, 1) < d.id
);
