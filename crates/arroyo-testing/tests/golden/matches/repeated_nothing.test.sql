--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES COUNT(*) AS n, COUNT(a.*) AS a, COUNT(b.*) AS b, FIRST(id) AS first_id
    PATTERN (((a* b?)* | (() | b)+)+ c)
    DEFINE a AS page = 'view', b AS page IN ('cart', 'view'), c AS page = 'buy'
);

--- expect out
{"person":"cid","n":2,"a":0,"b":1,"first_id":19}
{"person":"bob","n":2,"a":0,"b":1,"first_id":25}
{"person":"cid","n":2,"a":0,"b":1,"first_id":3}
{"person":"ann","n":2,"a":1,"b":0,"first_id":39}
{"person":"cid","n":3,"a":1,"b":1,"first_id":23}
{"person":"bob","n":3,"a":1,"b":1,"first_id":26}
{"person":"ann","n":3,"a":1,"b":1,"first_id":29}
{"person":"ann","n":4,"a":2,"b":1,"first_id":0}
{"person":"dot","n":5,"a":2,"b":2,"first_id":8}
{"person":"bob","n":6,"a":3,"b":2,"first_id":1}
