INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, count(*) AS sessions, max(n) AS longest FROM (SELECT bidder, count(*) AS n FROM bids GROUP BY session(INTERVAL '5 seconds'), bidder) GROUP BY 1;
