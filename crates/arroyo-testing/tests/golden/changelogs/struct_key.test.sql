--- use tables.sql
INSERT INTO changes
SELECT item['name'] AS name, count(*) AS n FROM bids GROUP BY item['name'];

--- expect changes
{"name":"hat","n":10}
{"name":"cup","n":13}
{"name":"pen","n":17}
