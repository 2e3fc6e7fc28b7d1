--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol, venue
    ORDER BY at, id
    MEASURES COUNT(*) AS n, MAX(price) AS high, FIRST(id) AS first_id
    PATTERN (a b b)
    DEFINE b AS b.price <> a.price
);

--- expect out
{"symbol":"bq","venue":"n","n":3,"high":11,"first_id":0}
{"symbol":"ax","venue":"e","n":3,"high":50,"first_id":1}
{"symbol":"ax","venue":"e","n":3,"high":51,"first_id":12}
{"symbol":"bq","venue":"e","n":3,"high":14,"first_id":14}
{"symbol":"ax","venue":"n","n":3,"high":48,"first_id":16}
{"symbol":"cz","venue":"n","n":3,"high":100,"first_id":2}
{"symbol":"ax","venue":"n","n":3,"high":52,"first_id":22}
{"symbol":"ax","venue":"n","n":3,"high":48,"first_id":31}
{"symbol":"bq","venue":"n","n":3,"high":12,"first_id":32}
{"symbol":"ax","venue":"e","n":3,"high":49,"first_id":33}
{"symbol":"ax","venue":"n","n":3,"high":60,"first_id":6}
{"symbol":"bq","venue":"n","n":3,"high":13,"first_id":9}
