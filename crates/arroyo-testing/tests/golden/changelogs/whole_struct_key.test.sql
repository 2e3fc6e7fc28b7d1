--- use tables.sql
INSERT INTO changes
SELECT item, count(*) AS n FROM bids GROUP BY item;

--- expect changes
{"item":{"name":"cup","weight":0.25},"n":4}
{"item":{"name":"cup","weight":1.5},"n":2}
{"item":{"name":"cup","weight":12.0},"n":4}
{"item":{"name":"cup","weight":null},"n":3}
{"item":{"name":"hat","weight":0.25},"n":3}
{"item":{"name":"hat","weight":1.5},"n":4}
{"item":{"name":"hat","weight":null},"n":3}
{"item":{"name":"pen","weight":0.25},"n":6}
{"item":{"name":"pen","weight":1.5},"n":4}
{"item":{"name":"pen","weight":12.0},"n":1}
{"item":{"name":"pen","weight":null},"n":6}
