INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    ORDER BY at, volume DESC
    MEASURES FIRST(symbol) AS symbol, LAST(symbol) AS other, LAST(id) AS last_id, COUNT(*) AS n
    PATTERN (a b+? c)
    DEFINE b AS b.symbol <> a.symbol, c AS c.symbol = a.symbol
);
