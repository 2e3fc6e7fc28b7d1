INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES COUNT(*) AS rows, COUNT(price) AS prices, SUM(a.price * a.volume) AS turnover, MIN(price) AS low, MAX(b.price) AS high,
        AVG(volume) AS mean, COUNT(DISTINCT venue) AS venues, array_agg(b.id ORDER BY b.volume DESC, b.id) AS ids,
        SUM(volume) FILTER (WHERE venue = 'n') AS n_volume, stddev(a.volume) AS spread
    PATTERN (a{3} b{2,})
    DEFINE b AS b.volume <> 4
);
