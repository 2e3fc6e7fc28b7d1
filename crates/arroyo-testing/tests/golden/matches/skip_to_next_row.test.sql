--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id, MATCH_NUMBER() AS number
    AFTER MATCH SKIP TO NEXT ROW
    PATTERN (a b+)
    DEFINE b AS b.price >= PREV(b.price)
);

--- expect out
{"symbol":"bq","first_id":0,"last_id":4,"number":1}
{"symbol":"ax","first_id":10,"last_id":13,"number":3}
{"symbol":"ax","first_id":12,"last_id":13,"number":4}
{"symbol":"ax","first_id":18,"last_id":26,"number":5}
{"symbol":"ax","first_id":19,"last_id":26,"number":6}
{"symbol":"cz","first_id":21,"last_id":43,"number":1}
{"symbol":"ax","first_id":22,"last_id":26,"number":7}
{"symbol":"ax","first_id":24,"last_id":26,"number":8}
{"symbol":"bq","first_id":25,"last_id":39,"number":4}
{"symbol":"cz","first_id":27,"last_id":43,"number":2}
{"symbol":"bq","first_id":29,"last_id":39,"number":5}
{"symbol":"ax","first_id":30,"last_id":31,"number":9}
{"symbol":"bq","first_id":32,"last_id":39,"number":6}
{"symbol":"cz","first_id":35,"last_id":43,"number":3}
{"symbol":"bq","first_id":36,"last_id":39,"number":7}
{"symbol":"ax","first_id":37,"last_id":41,"number":10}
{"symbol":"bq","first_id":38,"last_id":39,"number":8}
{"symbol":"ax","first_id":40,"last_id":41,"number":11}
{"symbol":"ax","first_id":45,"last_id":46,"number":12}
{"symbol":"ax","first_id":6,"last_id":13,"number":1}
{"symbol":"bq","first_id":7,"last_id":14,"number":2}
{"symbol":"ax","first_id":8,"last_id":13,"number":2}
{"symbol":"bq","first_id":9,"last_id":14,"number":3}
