INSERT INTO out
SELECT person, n, row_time() AS t FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES COUNT(*) AS n
    PATTERN (a b{3})
) WHERE row_time() > TIMESTAMP '2024-05-01 10:00:30' AND 1 < 2;
