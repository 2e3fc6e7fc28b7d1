--- use tables.sql
INSERT INTO changes
SELECT channel, first_value(n ORDER BY auction) AS first, last_value(total ORDER BY auction) AS last FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","first":5,"last":404}
{"channel":"tv","first":4,"last":113}
{"channel":"web","first":4,"last":68}
{"channel":null,"first":1,"last":129}
