INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id
    AFTER MATCH SKIP TO b
    PATTERN (a+ b b c)
    DEFINE a AS venue = 'n' OR volume < 5, b AS volume > 2
);
