--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n, sum(price) AS total, min(price) AS low, max(price) AS top, avg(price) AS mean FROM bids;

--- expect changes
{"n":40,"total":1965,"low":3,"top":98,"mean":50.38461538461539}
