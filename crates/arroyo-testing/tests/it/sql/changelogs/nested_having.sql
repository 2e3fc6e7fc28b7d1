INSERT INTO changes
SELECT n, sum(total) AS t FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY n HAVING sum(total) > 100;
