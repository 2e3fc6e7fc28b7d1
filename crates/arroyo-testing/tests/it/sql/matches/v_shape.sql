INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(down.price) AS bottom, LAST(up.price) AS top, LAST(id) AS last_id
    ONE ROW PER MATCH
    AFTER MATCH SKIP TO LAST up
    PATTERN (start down+ up+)
    DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);
