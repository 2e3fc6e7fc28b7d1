INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id, COUNT(any.*) AS n
    PATTERN (any+ low) WITHIN INTERVAL '15' SECOND
    DEFINE low AS price < 46
);
