--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES FIRST(id) AS first_id, LAST(down.price) AS bottom, LAST(up.price) AS top, LAST(id) AS last_id
    ONE ROW PER MATCH
    AFTER MATCH SKIP TO LAST up
    PATTERN (start down+ up+)
    DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);

--- expect out
{"symbol":"ax","first_id":13,"bottom":41,"top":43,"last_id":19}
{"symbol":"ax","first_id":31,"bottom":42,"top":49,"last_id":41}
{"symbol":"ax","first_id":1,"bottom":44,"top":60,"last_id":13}
{"symbol":"ax","first_id":26,"bottom":46,"top":48,"last_id":31}
{"symbol":"bq","first_id":14,"bottom":6,"top":12,"last_id":36}
{"symbol":"cz","first_id":2,"bottom":80,"top":105,"last_id":43}
{"symbol":"bq","first_id":4,"bottom":9,"top":14,"last_id":14}
