--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(id) AS last_id
    AFTER MATCH SKIP TO b
    PATTERN (a+ b b c)
    DEFINE a AS venue = 'n' OR volume < 5, b AS volume > 2
);

--- expect out
{"symbol":"bq","first_id":0,"last_id":20}
{"symbol":"ax","first_id":1,"last_id":10}
{"symbol":"ax","first_id":10,"last_id":16}
{"symbol":"ax","first_id":13,"last_id":22}
{"symbol":"ax","first_id":19,"last_id":30}
{"symbol":"cz","first_id":2,"last_id":35}
{"symbol":"bq","first_id":20,"last_id":32}
{"symbol":"bq","first_id":29,"last_id":44}
{"symbol":"ax","first_id":30,"last_id":37}
{"symbol":"ax","first_id":34,"last_id":41}
