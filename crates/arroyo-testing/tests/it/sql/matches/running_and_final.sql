INSERT INTO out
SELECT id, r, f, rs, fs, first_up, last_up, row_time() AS t FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES RUNNING LAST(id) AS r, FINAL LAST(id) AS f, RUNNING SUM(volume) AS rs, FINAL SUM(up.volume) AS fs,
        FINAL FIRST(up.id) AS first_up, LAST(up.id) AS last_up
    ALL ROWS PER MATCH
    AFTER MATCH SKIP TO LAST down
    PATTERN (start down{2,} up+)
    DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);
