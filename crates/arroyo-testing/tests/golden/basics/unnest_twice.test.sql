--- use ../tables.sql
INSERT INTO out
SELECT id, a, b FROM bids CROSS JOIN UNNEST(tags) AS x(a) CROSS JOIN UNNEST(tags) AS y(b) WHERE id < 6;

--- expect out
{"id":1,"a":"hot","b":"hot"}
{"id":3,"a":"hot","b":"hot"}
{"id":4,"a":"hot","b":"hot"}
{"id":3,"a":"hot","b":"new"}
{"id":4,"a":"hot","b":"new"}
{"id":1,"a":"hot","b":"sale"}
{"id":1,"a":"hot","b":"x"}
{"id":3,"a":"new","b":"hot"}
{"id":4,"a":"new","b":"hot"}
{"id":2,"a":"new","b":"new"}
{"id":3,"a":"new","b":"new"}
{"id":4,"a":"new","b":"new"}
{"id":1,"a":"sale","b":"hot"}
{"id":1,"a":"sale","b":"sale"}
{"id":1,"a":"sale","b":"x"}
{"id":1,"a":"x","b":"hot"}
{"id":1,"a":"x","b":"sale"}
{"id":1,"a":"x","b":"x"}
