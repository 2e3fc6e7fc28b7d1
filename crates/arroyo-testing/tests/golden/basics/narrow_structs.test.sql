--- use ../tables.sql
CREATE VIEW renamed AS SELECT id, item AS thing, at FROM bids WHERE item IS NOT NULL;

INSERT INTO out
SELECT id, thing.name AS name, thing.weight > 2 AS heavy FROM renamed WHERE thing.name IS NOT NULL OR id > 10
UNION ALL
SELECT count(*) AS id, 'all' AS name, item IS NULL AS heavy
FROM bids GROUP BY tumble(INTERVAL '1 day'), item IS NULL;

--- expect out
{"id":0,"name":"hat","heavy":false}
{"id":1,"name":"cup","heavy":false}
{"id":10,"name":"pen","heavy":false}
{"id":13,"name":"hat","heavy":false}
{"id":16,"name":"pen","heavy":false}
{"id":19,"name":"pen","heavy":false}
{"id":2,"name":"hat","heavy":false}
{"id":20,"name":"pen","heavy":false}
{"id":22,"name":"pen","heavy":false}
{"id":24,"name":"pen","heavy":false}
{"id":25,"name":"hat","heavy":false}
{"id":27,"name":"pen","heavy":false}
{"id":28,"name":"pen","heavy":false}
{"id":3,"name":"cup","heavy":false}
{"id":31,"name":"pen","heavy":false}
{"id":32,"name":"hat","heavy":false}
{"id":34,"name":"cup","heavy":false}
{"id":35,"name":"cup","heavy":false}
{"id":36,"name":"hat","heavy":false}
{"id":38,"name":"hat","heavy":false}
{"id":39,"name":"cup","heavy":false}
{"id":4,"name":"pen","heavy":false}
{"id":40,"name":"all","heavy":false}
{"id":7,"name":"cup","heavy":false}
{"id":14,"name":"cup","heavy":null}
{"id":17,"name":"pen","heavy":null}
{"id":18,"name":"hat","heavy":null}
{"id":21,"name":"hat","heavy":null}
{"id":29,"name":"pen","heavy":null}
{"id":30,"name":"pen","heavy":null}
{"id":33,"name":"pen","heavy":null}
{"id":37,"name":"pen","heavy":null}
{"id":5,"name":"cup","heavy":null}
{"id":6,"name":"cup","heavy":null}
{"id":8,"name":"hat","heavy":null}
{"id":9,"name":"pen","heavy":null}
{"id":11,"name":"cup","heavy":true}
{"id":12,"name":"cup","heavy":true}
{"id":15,"name":"cup","heavy":true}
{"id":23,"name":"cup","heavy":true}
{"id":26,"name":"pen","heavy":true}
