--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES LAST(a.price) AS price, LAST(id) AS last_id, COUNT(*) AS n
    PATTERN (a b? c)
    DEFINE a AS a.price > 45, b AS b.price IS NULL, c AS c.price > a.price OR c.price IS NULL
);

--- expect out
{"symbol":"ax","price":46,"last_id":10,"n":2}
{"symbol":"ax","price":51,"last_id":13,"n":2}
{"symbol":"ax","price":47,"last_id":26,"n":2}
{"symbol":"cz","price":80,"last_id":27,"n":2}
{"symbol":"ax","price":46,"last_id":31,"n":2}
{"symbol":"cz","price":95,"last_id":43,"n":2}
{"symbol":"ax","price":49,"last_id":45,"n":3}
