--- use tables.sql
INSERT INTO out
SELECT person, id, number, kind FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES MATCH_NUMBER() AS number, CLASSIFIER() AS kind
    ALL ROWS PER MATCH OMIT EMPTY MATCHES
    PATTERN (views{2,} | ())
    DEFINE views AS page <> 'buy'
);

--- expect out
{"person":"ann","id":0,"number":1,"kind":"views"}
{"person":"bob","id":1,"number":1,"kind":"views"}
{"person":"bob","id":10,"number":1,"kind":"views"}
{"person":"bob","id":12,"number":3,"kind":"views"}
{"person":"ann","id":14,"number":3,"kind":"views"}
{"person":"ann","id":15,"number":3,"kind":"views"}
{"person":"cid","id":16,"number":3,"kind":"views"}
{"person":"cid","id":17,"number":3,"kind":"views"}
{"person":"cid","id":18,"number":3,"kind":"views"}
{"person":"cid","id":19,"number":3,"kind":"views"}
{"person":"ann","id":2,"number":1,"kind":"views"}
{"person":"ann","id":20,"number":3,"kind":"views"}
{"person":"cid","id":22,"number":5,"kind":"views"}
{"person":"cid","id":23,"number":5,"kind":"views"}
{"person":"bob","id":25,"number":3,"kind":"views"}
{"person":"bob","id":26,"number":5,"kind":"views"}
{"person":"bob","id":28,"number":5,"kind":"views"}
{"person":"ann","id":29,"number":3,"kind":"views"}
{"person":"ann","id":31,"number":3,"kind":"views"}
{"person":"dot","id":32,"number":1,"kind":"views"}
{"person":"dot","id":33,"number":1,"kind":"views"}
{"person":"dot","id":34,"number":1,"kind":"views"}
{"person":"bob","id":5,"number":1,"kind":"views"}
{"person":"ann","id":6,"number":1,"kind":"views"}
{"person":"bob","id":7,"number":1,"kind":"views"}
{"person":"dot","id":8,"number":1,"kind":"views"}
{"person":"bob","id":9,"number":1,"kind":"views"}
