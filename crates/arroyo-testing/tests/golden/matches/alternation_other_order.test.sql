--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES CLASSIFIER() AS last, COUNT(a.*) AS a, COUNT(b.*) AS b, FIRST(id) AS first_id, LAST(id) AS last_id
    PATTERN (b | a (c | a a | b))
    DEFINE a AS page <> 'exit', b AS page = 'cart', c AS page = 'buy'
);

--- expect out
{"person":"bob","last":"b","a":0,"b":1,"first_id":10,"last_id":10}
{"person":"bob","last":"b","a":0,"b":1,"first_id":25,"last_id":25}
{"person":"cid","last":"b","a":0,"b":1,"first_id":3,"last_id":3}
{"person":"dot","last":"b","a":0,"b":1,"first_id":34,"last_id":34}
{"person":"ann","last":"c","a":1,"b":0,"first_id":39,"last_id":38}
{"person":"bob","last":"c","a":1,"b":0,"first_id":9,"last_id":13}
{"person":"ann","last":"a","a":3,"b":0,"first_id":0,"last_id":6}
{"person":"bob","last":"a","a":3,"b":0,"first_id":1,"last_id":7}
{"person":"ann","last":"a","a":3,"b":0,"first_id":11,"last_id":15}
{"person":"cid","last":"a","a":3,"b":0,"first_id":18,"last_id":21}
{"person":"cid","last":"a","a":3,"b":0,"first_id":23,"last_id":24}
{"person":"bob","last":"a","a":3,"b":0,"first_id":27,"last_id":28}
{"person":"ann","last":"a","a":3,"b":0,"first_id":29,"last_id":37}
{"person":"cid","last":"a","a":3,"b":0,"first_id":4,"last_id":17}
{"person":"dot","last":"a","a":3,"b":0,"first_id":8,"last_id":33}
