--- use tables.sql
INSERT INTO changes
SELECT max(n) AS most, count(*) AS windows FROM (SELECT channel, count(*) AS n FROM bids GROUP BY channel, tumble(INTERVAL '10 seconds')) AS w;

--- expect changes
{"most":5,"windows":18}
