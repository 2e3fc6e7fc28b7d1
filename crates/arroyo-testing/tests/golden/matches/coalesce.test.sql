--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES coalesce(LAST(b.price), -1) AS price, nvl(LAST(b.id), LAST(a.id)) AS last_id, nullif(count(b.id), 0) AS n
    PATTERN (a b?)
    DEFINE b AS coalesce(b.price > PREV(b.price), true)
);

--- expect out
{"symbol":"ax","price":-1,"last_id":1,"n":null}
{"symbol":"cz","price":-1,"last_id":11,"n":null}
{"symbol":"ax","price":51,"last_id":12,"n":1}
{"symbol":"ax","price":-1,"last_id":13,"n":null}
{"symbol":"bq","price":-1,"last_id":14,"n":null}
{"symbol":"ax","price":-1,"last_id":15,"n":null}
{"symbol":"ax","price":-1,"last_id":16,"n":null}
{"symbol":"bq","price":-1,"last_id":17,"n":null}
{"symbol":"ax","price":43,"last_id":19,"n":1}
{"symbol":"cz","price":-1,"last_id":2,"n":null}
{"symbol":"bq","price":-1,"last_id":20,"n":null}
{"symbol":"bq","price":-1,"last_id":23,"n":null}
{"symbol":"ax","price":47,"last_id":24,"n":1}
{"symbol":"ax","price":-1,"last_id":26,"n":null}
{"symbol":"cz","price":85,"last_id":27,"n":1}
{"symbol":"ax","price":-1,"last_id":28,"n":null}
{"symbol":"bq","price":7,"last_id":29,"n":1}
{"symbol":"ax","price":-1,"last_id":3,"n":null}
{"symbol":"ax","price":48,"last_id":31,"n":1}
{"symbol":"ax","price":-1,"last_id":33,"n":null}
{"symbol":"ax","price":-1,"last_id":34,"n":null}
{"symbol":"bq","price":12,"last_id":36,"n":1}
{"symbol":"bq","price":15,"last_id":39,"n":1}
{"symbol":"bq","price":12,"last_id":4,"n":1}
{"symbol":"ax","price":45,"last_id":40,"n":1}
{"symbol":"ax","price":-1,"last_id":42,"n":1}
{"symbol":"cz","price":105,"last_id":43,"n":1}
{"symbol":"bq","price":-1,"last_id":44,"n":null}
{"symbol":"ax","price":53,"last_id":46,"n":1}
{"symbol":"bq","price":-1,"last_id":5,"n":null}
{"symbol":"ax","price":46,"last_id":8,"n":1}
{"symbol":"bq","price":13,"last_id":9,"n":1}
