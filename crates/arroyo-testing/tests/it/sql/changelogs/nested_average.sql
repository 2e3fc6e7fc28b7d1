INSERT INTO changes
SELECT channel, avg(n) AS mean, avg(total) AS total FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;
