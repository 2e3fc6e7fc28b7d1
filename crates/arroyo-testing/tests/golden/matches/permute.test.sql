--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(id) AS first_id, CLASSIFIER() AS last, a.id AS a, b.id AS b, c.id AS c
    PATTERN (PERMUTE(a, b, c))
    DEFINE a AS page = 'view', b AS page IN ('cart', 'help'), c AS page IN ('buy', 'view')
);

--- expect out
{"person":"ann","first_id":0,"last":"c","a":0,"b":2,"c":6}
{"person":"bob","first_id":1,"last":"b","a":1,"b":7,"c":5}
{"person":"ann","first_id":11,"last":"b","a":14,"b":15,"c":11}
{"person":"cid","first_id":3,"last":"a","a":16,"b":3,"c":4}
{"person":"cid","first_id":19,"last":"a","a":23,"b":19,"c":21}
{"person":"bob","first_id":25,"last":"a","a":26,"b":25,"c":27}
{"person":"ann","first_id":29,"last":"c","a":29,"b":31,"c":37}
{"person":"dot","first_id":34,"last":"a","a":36,"b":34,"c":35}
{"person":"dot","first_id":8,"last":"c","a":8,"b":32,"c":33}
{"person":"bob","first_id":10,"last":"c","a":9,"b":10,"c":13}
