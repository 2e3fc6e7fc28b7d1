INSERT INTO changes
SELECT upper(channel) AS c, n * 10 AS tenfold FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v WHERE total > 60;
