--- use tables.sql
INSERT INTO changes
SELECT channel, sum(n) AS n, sum(total) AS total FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","n":15,"total":740}
{"channel":"tv","n":11,"total":475}
{"channel":"web","n":9,"total":471}
{"channel":null,"n":5,"total":279}
