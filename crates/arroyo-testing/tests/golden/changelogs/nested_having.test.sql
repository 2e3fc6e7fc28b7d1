--- use tables.sql
INSERT INTO changes
SELECT n, sum(total) AS t FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY n HAVING sum(total) > 100;

--- expect changes
{"n":1,"t":150}
{"n":2,"t":343}
{"n":3,"t":310}
{"n":4,"t":571}
{"n":5,"t":187}
{"n":8,"t":404}
