INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(a.id) AS first_id, LAST(id) AS last_id, COUNT(rest.*) AS n
    PATTERN (a rest*)
    DEFINE a AS page = 'buy'
);
