SET updating_ttl = INTERVAL '1 hour';
INSERT INTO changes SELECT bidder, count(*) AS n FROM bids GROUP BY bidder;
