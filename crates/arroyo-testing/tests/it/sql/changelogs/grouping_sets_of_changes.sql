INSERT INTO changes
SELECT channel, n, count(*) AS c FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY GROUPING SETS ((channel), (n), ());
