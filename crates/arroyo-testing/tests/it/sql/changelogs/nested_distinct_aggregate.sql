INSERT INTO changes
SELECT channel, count(DISTINCT n) AS kinds, sum(DISTINCT n) AS s FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;
