--- use tables.sql
INSERT INTO changes
SELECT channel, sum(DISTINCT price) AS s, avg(DISTINCT auction) AS a FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","s":740,"a":2.0}
{"channel":"tv","s":475,"a":2.0}
{"channel":"web","s":471,"a":2.0}
{"channel":null,"s":279,"a":2.0}
