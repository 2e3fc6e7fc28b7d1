INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id
    AFTER MATCH SKIP TO FIRST b
    PATTERN (a+ b b)
    DEFINE a AS venue = 'n', b AS volume > 3
);
