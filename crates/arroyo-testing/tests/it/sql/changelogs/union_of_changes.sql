INSERT INTO changes
SELECT n FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v UNION SELECT auction FROM bids;
