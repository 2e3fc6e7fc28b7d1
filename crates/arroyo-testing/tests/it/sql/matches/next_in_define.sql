INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES peak.id AS peak, FIRST(id) AS first_id
    AFTER MATCH SKIP TO NEXT ROW
    PATTERN (a* peak)
    DEFINE a AS price < NEXT(price), peak AS price > PREV(price) AND price > NEXT(price, 1) AND NEXT(price, 2) IS NOT NULL
);
