INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES COUNT(*) AS n, COUNT(a.*) AS a, COUNT(b.*) AS b, FIRST(id) AS first_id
    PATTERN (((a* b?)* | (() | b)+)+ c)
    DEFINE a AS page = 'view', b AS page IN ('cart', 'view'), c AS page = 'buy'
);
