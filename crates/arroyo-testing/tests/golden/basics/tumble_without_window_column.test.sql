--- use ../tables.sql
INSERT INTO out
SELECT auction, count(*) AS n FROM bids GROUP BY auction, tumble(INTERVAL '1 minute');

--- expect out
{"auction":1,"n":13}
{"auction":1,"n":1}
{"auction":2,"n":1}
{"auction":2,"n":8}
{"auction":3,"n":15}
{"auction":3,"n":2}
