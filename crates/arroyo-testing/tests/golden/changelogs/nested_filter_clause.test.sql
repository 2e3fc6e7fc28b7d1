--- use tables.sql
INSERT INTO changes
SELECT channel, count(*) FILTER (WHERE n > 2) AS many, max(total) FILTER (WHERE n < 4) AS top FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","many":2,"top":149}
{"channel":"tv","many":3,"top":113}
{"channel":"web","many":2,"top":194}
{"channel":null,"many":1,"top":129}
