INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol, venue
    ORDER BY at, id
    MEASURES COUNT(*) AS n, MAX(price) AS high, FIRST(id) AS first_id
    PATTERN (a b b)
    DEFINE b AS b.price <> a.price
);
