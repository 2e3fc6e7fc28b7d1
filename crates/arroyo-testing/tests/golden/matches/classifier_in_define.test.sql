--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES CLASSIFIER() AS last, FIRST(id) AS first_id, LAST(id) AS last_id
    PATTERN ((a | b) c+ d)
    DEFINE a AS page = 'view', b AS page = 'cart', c AS page <> 'exit' AND (CLASSIFIER(c) = 'c' OR id > 0), d AS LAST(id, 1) < d.id
);

--- expect out
{"person":"ann","last":"d","first_id":0,"last_id":20}
{"person":"bob","last":"d","first_id":1,"last_id":13}
{"person":"bob","last":"d","first_id":25,"last_id":30}
{"person":"ann","last":"d","first_id":29,"last_id":39}
{"person":"cid","last":"d","first_id":3,"last_id":24}
{"person":"dot","last":"d","first_id":8,"last_id":36}
