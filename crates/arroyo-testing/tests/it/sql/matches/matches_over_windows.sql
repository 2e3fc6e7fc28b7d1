INSERT INTO out
SELECT * FROM (
    SELECT tumble(INTERVAL '10 seconds') AS window, symbol, max(price) AS high, sum(volume) AS volume FROM ticks GROUP BY 1, 2
) MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY window.start
    MEASURES FIRST(a.window.start) AS start, LAST(b.window.end) AS end_at, SUM(volume) AS volume
    PATTERN (a b+)
    DEFINE b AS b.high >= PREV(b.high)
);
