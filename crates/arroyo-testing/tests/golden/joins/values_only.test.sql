--- use tables.sql
INSERT INTO out SELECT a * 2 AS a, upper(b) AS b, c FROM (VALUES (1, 'x', DATE '2024-02-29'), (2, NULL, NULL), (3, 'z', DATE '1969-12-31')) AS t(a, b, c);

--- expect out
{"a":2,"b":"X","c":"2024-02-29"}
{"a":4,"b":null,"c":null}
{"a":6,"b":"Z","c":"1969-12-31"}
