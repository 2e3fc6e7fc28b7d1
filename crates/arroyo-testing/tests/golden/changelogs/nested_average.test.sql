--- use tables.sql
INSERT INTO changes
SELECT channel, avg(n) AS mean, avg(total) AS total FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","mean":5.0,"total":246.66666666666666}
{"channel":"tv","mean":3.6666666666666665,"total":158.33333333333334}
{"channel":"web","mean":3.0,"total":157.0}
{"channel":null,"mean":1.6666666666666667,"total":93.0}
