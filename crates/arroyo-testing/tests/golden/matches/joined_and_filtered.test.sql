--- use tables.sql
INSERT INTO out
SELECT m.person, m.n, s.page FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES LAST(id) AS last_id, COUNT(*) AS n
    PATTERN (a b+)
    DEFINE b AS page <> 'buy'
) AS m JOIN steps AS s ON m.person = s.person AND m.last_id = s.id WHERE m.n > 2 AND m.person <> 'bob';

--- expect out
{"person":"cid","n":3,"page":"cart"}
{"person":"ann","n":3,"page":"view"}
{"person":"dot","n":4,"page":"cart"}
{"person":"cid","n":5,"page":"cart"}
{"person":"ann","n":6,"page":"cart"}
