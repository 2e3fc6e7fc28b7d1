INSERT INTO out
SELECT 'up' AS kind, symbol, n FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol ORDER BY at, id MEASURES COUNT(*) AS n
    PATTERN (a b+) DEFINE b AS b.price > PREV(b.price)
)
UNION ALL
SELECT 'down', symbol, n FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol ORDER BY at, id MEASURES COUNT(*) AS n
    PATTERN (a b+) DEFINE b AS b.price < PREV(b.price)
);
