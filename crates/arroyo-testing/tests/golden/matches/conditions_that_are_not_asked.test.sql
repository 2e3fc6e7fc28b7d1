--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES COUNT(*) AS n, LAST(id) AS last_id
    PATTERN (never fails | a b)
    DEFINE never AS price < 0, fails AS 1 / (fails.volume - fails.volume) = 1, b AS b.volume > 3
);

--- expect out
{"symbol":"ax","n":2,"last_id":12}
{"symbol":"bq","n":2,"last_id":14}
{"symbol":"ax","n":2,"last_id":16}
{"symbol":"ax","n":2,"last_id":18}
{"symbol":"bq","n":2,"last_id":20}
{"symbol":"cz","n":2,"last_id":21}
{"symbol":"ax","n":2,"last_id":22}
{"symbol":"bq","n":2,"last_id":25}
{"symbol":"ax","n":2,"last_id":26}
{"symbol":"ax","n":2,"last_id":31}
{"symbol":"cz","n":2,"last_id":35}
{"symbol":"bq","n":2,"last_id":36}
{"symbol":"ax","n":2,"last_id":37}
{"symbol":"ax","n":2,"last_id":41}
{"symbol":"bq","n":2,"last_id":44}
{"symbol":"ax","n":2,"last_id":45}
{"symbol":"bq","n":2,"last_id":5}
{"symbol":"ax","n":2,"last_id":6}
