--- use ../tables.sql
INSERT INTO out
SELECT id, n FROM bids CROSS JOIN LATERAL generate_series(1, bids.auction) AS n WHERE id < 6;

--- expect out
{"id":0,"n":1}
{"id":1,"n":1}
{"id":2,"n":1}
{"id":2,"n":2}
{"id":2,"n":3}
{"id":3,"n":1}
{"id":4,"n":1}
{"id":4,"n":2}
{"id":4,"n":3}
{"id":5,"n":1}
{"id":5,"n":2}
