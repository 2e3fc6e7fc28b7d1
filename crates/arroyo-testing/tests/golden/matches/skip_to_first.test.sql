--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id
    AFTER MATCH SKIP TO FIRST b
    PATTERN (a+ b b)
    DEFINE a AS venue = 'n', b AS volume > 3
);

--- expect out
{"symbol":"ax","first_id":10,"last_id":13}
{"symbol":"ax","first_id":13,"last_id":19}
{"symbol":"ax","first_id":19,"last_id":28}
{"symbol":"cz","first_id":2,"last_id":27}
{"symbol":"bq","first_id":29,"last_id":38}
{"symbol":"ax","first_id":34,"last_id":40}
{"symbol":"bq","first_id":5,"last_id":17}
