--- use tables.sql
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

--- expect out
{"kind":"down","symbol":"bq","n":2}
{"kind":"down","symbol":"ax","n":3}
{"kind":"down","symbol":"ax","n":3}
{"kind":"down","symbol":"bq","n":3}
{"kind":"down","symbol":"cz","n":3}
{"kind":"down","symbol":"ax","n":4}
{"kind":"down","symbol":"ax","n":4}
{"kind":"down","symbol":"bq","n":5}
{"kind":"up","symbol":"ax","n":2}
{"kind":"up","symbol":"ax","n":2}
{"kind":"up","symbol":"ax","n":2}
{"kind":"up","symbol":"bq","n":2}
{"kind":"up","symbol":"bq","n":2}
{"kind":"up","symbol":"ax","n":3}
{"kind":"up","symbol":"ax","n":3}
{"kind":"up","symbol":"bq","n":3}
{"kind":"up","symbol":"bq","n":4}
{"kind":"up","symbol":"cz","n":4}
{"kind":"up","symbol":"ax","n":5}
