--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n, sum(price) AS total, max(channel) AS last FROM bids WHERE price > 100000;

--- expect changes
{"n":0,"total":null,"last":null}
