INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES LAST(a.price) AS price, LAST(id) AS last_id, COUNT(*) AS n
    PATTERN (a b? c)
    DEFINE a AS a.price > 45, b AS b.price IS NULL, c AS c.price > a.price OR c.price IS NULL
);
