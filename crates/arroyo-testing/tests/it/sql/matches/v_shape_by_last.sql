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
