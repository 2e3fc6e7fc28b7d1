--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    ORDER BY at, volume DESC
    MEASURES FIRST(symbol) AS symbol, LAST(symbol) AS other, LAST(id) AS last_id, COUNT(*) AS n
    PATTERN (a b+? c)
    DEFINE b AS b.symbol <> a.symbol, c AS c.symbol = a.symbol
);

--- expect out
{"symbol":"ax","other":"ax","last_id":10,"n":3}
{"symbol":"bq","other":"bq","last_id":14,"n":6}
{"symbol":"ax","other":"ax","last_id":18,"n":3}
{"symbol":"cz","other":"cz","last_id":27,"n":9}
{"symbol":"ax","other":"ax","last_id":3,"n":3}
{"symbol":"ax","other":"ax","last_id":30,"n":3}
{"symbol":"ax","other":"ax","last_id":33,"n":3}
{"symbol":"ax","other":"ax","last_id":37,"n":4}
{"symbol":"bq","other":"bq","last_id":39,"n":3}
{"symbol":"ax","other":"ax","last_id":42,"n":4}
{"symbol":"bq","other":"bq","last_id":5,"n":4}
