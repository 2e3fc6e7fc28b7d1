--- use tables.sql
INSERT INTO changes
SELECT total, count(*) AS n FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY total;

--- expect changes
{"total":113,"n":1}
{"total":129,"n":1}
{"total":149,"n":1}
{"total":162,"n":1}
{"total":187,"n":1}
{"total":194,"n":1}
{"total":200,"n":1}
{"total":209,"n":1}
{"total":404,"n":1}
{"total":57,"n":1}
{"total":68,"n":1}
{"total":93,"n":1}
