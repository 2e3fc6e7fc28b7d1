--- use ../tables.sql
INSERT INTO out
SELECT id, part.name AS name, part.weight AS weight FROM bids CROSS JOIN UNNEST([item, named_struct('name', 'x', 'weight', 0.5)]) AS u(part) WHERE id < 6;

--- expect out
{"id":0,"name":"hat","weight":1.5}
{"id":0,"name":"x","weight":0.5}
{"id":1,"name":"cup","weight":1.5}
{"id":1,"name":"x","weight":0.5}
{"id":2,"name":"hat","weight":1.5}
{"id":2,"name":"x","weight":0.5}
{"id":3,"name":"cup","weight":0.25}
{"id":3,"name":"x","weight":0.5}
{"id":4,"name":"pen","weight":1.5}
{"id":4,"name":"x","weight":0.5}
{"id":5,"name":"cup","weight":null}
{"id":5,"name":"x","weight":0.5}
