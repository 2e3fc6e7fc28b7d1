INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES COUNT(*) AS n, LAST(id) AS last_id
    PATTERN (never fails | a b)
    DEFINE never AS price < 0, fails AS 1 / (fails.volume - fails.volume) = 1, b AS b.volume > 3
);
