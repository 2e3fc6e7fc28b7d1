SELECT bidder, count(*) AS n FROM bids GROUP BY bidder;
