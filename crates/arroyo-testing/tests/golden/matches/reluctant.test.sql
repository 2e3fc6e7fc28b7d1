--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id, COUNT(any.*) AS n
    PATTERN (any+? low)
    DEFINE low AS price < 46
);

--- expect out
{"symbol":"bq","first_id":0,"last_id":4,"n":1}
{"symbol":"ax","first_id":1,"last_id":6,"n":2}
{"symbol":"bq","first_id":17,"last_id":20,"n":1}
{"symbol":"ax","first_id":18,"last_id":19,"n":1}
{"symbol":"ax","first_id":22,"last_id":34,"n":7}
{"symbol":"bq","first_id":23,"last_id":25,"n":1}
{"symbol":"bq","first_id":29,"last_id":32,"n":1}
{"symbol":"bq","first_id":36,"last_id":38,"n":1}
{"symbol":"ax","first_id":37,"last_id":40,"n":1}
{"symbol":"bq","first_id":39,"last_id":44,"n":1}
{"symbol":"bq","first_id":5,"last_id":7,"n":1}
{"symbol":"ax","first_id":8,"last_id":15,"n":5}
{"symbol":"bq","first_id":9,"last_id":14,"n":1}
