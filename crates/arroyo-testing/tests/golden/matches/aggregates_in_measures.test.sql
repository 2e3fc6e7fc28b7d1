--- use tables.sql
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

--- expect out
{"symbol":"bq","rows":7,"prices":7,"turnover":173,"low":9,"high":14,"mean":6.0,"venues":2,"ids":[14,17,7,9],"n_volume":23,"spread":3.5118845842842465}
{"symbol":"bq","rows":9,"prices":9,"turnover":96,"low":6,"high":15,"mean":5.333333333333333,"venues":2,"ids":[44,36,38,29,39,32],"n_volume":36,"spread":3.5118845842842465}
{"symbol":"ax","rows":10,"prices":10,"turnover":635,"low":42,"high":50,"mean":5.5,"venues":2,"ids":[37,31,40,33,28,34,30],"n_volume":32,"spread":3.5118845842842465}
{"symbol":"ax","rows":11,"prices":11,"turnover":599,"low":41,"high":60,"mean":5.818181818181818,"venues":2,"ids":[18,12,13,19,16,8,15,10],"n_volume":35,"spread":3.5118845842842465}
