--- use tables.sql
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

--- expect out
{"symbol":"ax","start":"2024-05-01T10:00:00","end_at":"2024-05-01T10:00:20","volume":47}
{"symbol":"bq","start":"2024-05-01T10:00:00","end_at":"2024-05-01T10:00:20","volume":35}
{"symbol":"ax","start":"2024-05-01T10:00:20","end_at":"2024-05-01T10:00:40","volume":46}
{"symbol":"bq","start":"2024-05-01T10:00:30","end_at":"2024-05-01T10:00:50","volume":33}
{"symbol":"cz","start":"2024-05-01T10:00:20","end_at":"2024-05-01T10:01:00","volume":22}
{"symbol":"ax","start":"2024-05-01T10:00:40","end_at":"2024-05-01T10:01:00","volume":44}
