INSERT INTO changes
SELECT DISTINCT ON (n) n, bidder FROM (SELECT bidder, channel, count(*) AS n FROM bids GROUP BY bidder, channel) AS v ORDER BY n, bidder DESC;
