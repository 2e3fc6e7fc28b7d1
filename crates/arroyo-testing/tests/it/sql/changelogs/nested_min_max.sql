INSERT INTO changes
SELECT channel, min(total) AS low, max(total) AS top, max(auction) AS last FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;
