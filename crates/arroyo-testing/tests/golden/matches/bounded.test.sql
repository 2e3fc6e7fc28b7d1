--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, COUNT(a.*) AS a, COUNT(b.*) AS b
    PATTERN (a{2,3} b{1,2}? c{,1})
    DEFINE a AS volume > 2, b AS volume < 8, c AS volume = 1
);

--- expect out
{"symbol":"bq","first_id":25,"a":2,"b":1}
{"symbol":"ax","first_id":26,"a":2,"b":1}
{"symbol":"ax","first_id":31,"a":2,"b":1}
{"symbol":"bq","first_id":36,"a":2,"b":1}
{"symbol":"bq","first_id":5,"a":2,"b":1}
{"symbol":"ax","first_id":6,"a":2,"b":1}
{"symbol":"ax","first_id":12,"a":3,"b":1}
{"symbol":"bq","first_id":14,"a":3,"b":1}
{"symbol":"ax","first_id":18,"a":3,"b":1}
{"symbol":"cz","first_id":2,"a":3,"b":1}
{"symbol":"ax","first_id":37,"a":3,"b":1}
