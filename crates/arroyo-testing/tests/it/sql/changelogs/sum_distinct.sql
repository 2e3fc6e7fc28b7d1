INSERT INTO changes
SELECT channel, sum(DISTINCT price) AS s, avg(DISTINCT auction) AS a FROM bids GROUP BY channel;
