--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(a.id) AS first_id, LAST(id) AS last_id, COUNT(rest.*) AS n
    PATTERN (a rest*)
    DEFINE a AS page = 'buy'
);

--- expect out
{"person":"ann","first_id":11,"last_id":38,"n":8}
{"person":"bob","first_id":13,"last_id":30,"n":6}
{"person":"dot","first_id":35,"last_id":36,"n":1}
{"person":"cid","first_id":4,"last_id":24,"n":8}
