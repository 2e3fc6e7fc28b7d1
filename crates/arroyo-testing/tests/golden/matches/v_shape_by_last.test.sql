--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES start.at AS start_at, LAST(down.at) AS bottom_at, LAST(up.at) AS end_at, COUNT(*) AS n
    AFTER MATCH SKIP TO LAST up
    PATTERN (start down+ up)
    DEFINE
        down AS (LAST(down.price, 1) IS NULL AND down.price < start.price) OR down.price < LAST(down.price, 1),
        up AS up.price > LAST(down.price, 1)
);

--- expect out
{"symbol":"bq","start_at":"2024-05-01T10:00:04.591","bottom_at":"2024-05-01T10:00:09.866","end_at":"2024-05-01T10:00:13.225","n":4}
{"symbol":"ax","start_at":"2024-05-01T10:00:37.787","bottom_at":"2024-05-01T10:00:44.782","end_at":"2024-05-01T10:00:47.748","n":5}
