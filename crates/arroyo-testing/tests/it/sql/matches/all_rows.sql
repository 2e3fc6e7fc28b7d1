INSERT INTO out
SELECT symbol, at, number, kind, n, low, id FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES MATCH_NUMBER() AS number, CLASSIFIER() AS kind, COUNT(*) AS n, MIN(price) AS low
    ALL ROWS PER MATCH
    PATTERN (start down+ up+)
    DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);
