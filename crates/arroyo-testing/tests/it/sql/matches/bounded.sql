INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, COUNT(a.*) AS a, COUNT(b.*) AS b
    PATTERN (a{2,3} b{1,2}? c{,1})
    DEFINE a AS volume > 2, b AS volume < 8, c AS volume = 1
);
