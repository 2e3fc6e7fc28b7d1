--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id, COUNT(any.*) AS n
    PATTERN (any+ low) WITHIN INTERVAL '15' SECOND
    DEFINE low AS price < 46
);

--- expect out
{"symbol":"bq","first_id":0,"last_id":9,"n":4}
{"symbol":"ax","first_id":1,"last_id":6,"n":2}
{"symbol":"bq","first_id":14,"last_id":25,"n":4}
{"symbol":"ax","first_id":19,"last_id":22,"n":1}
{"symbol":"ax","first_id":24,"last_id":34,"n":6}
{"symbol":"bq","first_id":29,"last_id":39,"n":4}
{"symbol":"ax","first_id":37,"last_id":40,"n":1}
{"symbol":"ax","first_id":8,"last_id":18,"n":6}
