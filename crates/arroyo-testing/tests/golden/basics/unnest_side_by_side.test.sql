--- use ../tables.sql
INSERT INTO out
SELECT id, a, b FROM bids CROSS JOIN UNNEST(tags, [1, 2]) AS x(a, b) WHERE id < 6;

--- expect out
{"id":1,"a":"hot","b":2}
{"id":3,"a":"hot","b":2}
{"id":4,"a":"hot","b":2}
{"id":2,"a":"new","b":1}
{"id":3,"a":"new","b":1}
{"id":4,"a":"new","b":1}
{"id":1,"a":"sale","b":1}
{"id":1,"a":"x","b":null}
{"id":0,"a":null,"b":1}
{"id":5,"a":null,"b":1}
{"id":0,"a":null,"b":2}
{"id":2,"a":null,"b":2}
{"id":5,"a":null,"b":2}
