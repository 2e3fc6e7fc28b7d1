--- use ../tables.sql
INSERT INTO out
SELECT id, a, b FROM bids LEFT JOIN UNNEST(tags) AS x(a) ON true LEFT JOIN UNNEST([a, tags[1]]) AS y(b) ON true WHERE id < 4;

--- expect out
{"id":1,"a":"hot","b":"hot"}
{"id":3,"a":"hot","b":"hot"}
{"id":3,"a":"hot","b":"new"}
{"id":1,"a":"hot","b":"sale"}
{"id":2,"a":"new","b":"new"}
{"id":2,"a":"new","b":"new"}
{"id":3,"a":"new","b":"new"}
{"id":3,"a":"new","b":"new"}
{"id":1,"a":"sale","b":"sale"}
{"id":1,"a":"sale","b":"sale"}
{"id":1,"a":"x","b":"sale"}
{"id":1,"a":"x","b":"x"}
{"id":0,"a":null,"b":null}
{"id":0,"a":null,"b":null}
