--- use tables.sql
INSERT INTO changes
SELECT channel, count(*) AS n FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","n":15}
{"channel":"tv","n":11}
{"channel":"web","n":9}
{"channel":null,"n":5}
