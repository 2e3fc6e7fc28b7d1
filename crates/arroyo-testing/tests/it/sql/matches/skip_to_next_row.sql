INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id, MATCH_NUMBER() AS number
    AFTER MATCH SKIP TO NEXT ROW
    PATTERN (a b+)
    DEFINE b AS b.price >= PREV(b.price)
);
