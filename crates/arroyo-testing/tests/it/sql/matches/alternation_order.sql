INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES CLASSIFIER() AS last, COUNT(a.*) AS a, COUNT(b.*) AS b, FIRST(id) AS first_id, LAST(id) AS last_id
    PATTERN (a (b | a a | c) | b)
    DEFINE a AS page <> 'exit', b AS page = 'cart', c AS page = 'buy'
);
