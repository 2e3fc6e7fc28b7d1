--- use tables.sql
INSERT INTO changes
SELECT channel, min(total) AS low, max(total) AS top, max(auction) AS last FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","low":149,"top":404,"last":3}
{"channel":"tv","low":113,"top":200,"last":3}
{"channel":"web","low":68,"top":209,"last":3}
{"channel":null,"low":57,"top":129,"last":3}
