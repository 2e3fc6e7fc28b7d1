--- use tables.sql
INSERT INTO changes
SELECT DISTINCT price / 10 AS tens FROM bids;

--- expect changes
{"tens":0}
{"tens":1}
{"tens":2}
{"tens":3}
{"tens":4}
{"tens":5}
{"tens":6}
{"tens":7}
{"tens":8}
{"tens":9}
{"tens":null}
