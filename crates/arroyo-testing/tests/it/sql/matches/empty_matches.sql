INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES MATCH_NUMBER() AS number, COUNT(*) AS n, FIRST(id) AS first_id, CLASSIFIER() AS kind
    PATTERN (views* | carts)
    DEFINE views AS page = 'view', carts AS page = 'cart'
);
