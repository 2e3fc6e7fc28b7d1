--- use tables.sql
INSERT INTO changes
SELECT channel, bool_or(n > 3) AS some, bool_and(n > 1) AS every, median(n) AS m FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","some":true,"every":true,"m":5.0}
{"channel":"tv","some":true,"every":true,"m":4.0}
{"channel":"web","some":true,"every":true,"m":3.0}
{"channel":null,"some":false,"every":false,"m":1.0}
