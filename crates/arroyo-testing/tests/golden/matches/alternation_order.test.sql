--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES CLASSIFIER() AS last, COUNT(a.*) AS a, COUNT(b.*) AS b, FIRST(id) AS first_id, LAST(id) AS last_id
    PATTERN (a (b | a a | c) | b)
    DEFINE a AS page <> 'exit', b AS page = 'cart', c AS page = 'buy'
);

--- expect out
{"person":"ann","last":"b","a":0,"b":1,"first_id":15,"last_id":15}
{"person":"bob","last":"c","a":1,"b":0,"first_id":28,"last_id":30}
{"person":"ann","last":"b","a":1,"b":1,"first_id":0,"last_id":2}
{"person":"ann","last":"b","a":1,"b":1,"first_id":29,"last_id":31}
{"person":"dot","last":"b","a":1,"b":1,"first_id":33,"last_id":34}
{"person":"dot","last":"b","a":1,"b":1,"first_id":8,"last_id":32}
{"person":"bob","last":"a","a":3,"b":0,"first_id":1,"last_id":7}
{"person":"bob","last":"a","a":3,"b":0,"first_id":10,"last_id":13}
{"person":"cid","last":"a","a":3,"b":0,"first_id":17,"last_id":19}
{"person":"cid","last":"a","a":3,"b":0,"first_id":21,"last_id":22}
{"person":"bob","last":"a","a":3,"b":0,"first_id":25,"last_id":26}
{"person":"cid","last":"a","a":3,"b":0,"first_id":3,"last_id":16}
{"person":"ann","last":"a","a":3,"b":0,"first_id":37,"last_id":38}
{"person":"ann","last":"a","a":3,"b":0,"first_id":6,"last_id":14}
