SELECT channel, max(at) AS last FROM bids GROUP BY channel;
