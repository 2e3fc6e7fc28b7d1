INSERT INTO changes
SELECT channel, array_agg(n ORDER BY auction) AS ns FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;
