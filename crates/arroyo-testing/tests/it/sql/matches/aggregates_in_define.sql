INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES SUM(a.volume) AS volume, AVG(a.price) AS mean, COUNT(*) AS n, LAST(id) AS last_id
    PATTERN (a+ b)
    DEFINE a AS SUM(a.volume) < 20 AND COUNT(a.price) <= 4, b AS b.price > AVG(a.price) OR b.volume > MAX(a.volume)
);
