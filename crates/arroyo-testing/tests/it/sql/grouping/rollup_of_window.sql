INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n, grouping(tumble(INTERVAL '10 seconds'), channel) AS left_out FROM bids GROUP BY ROLLUP (tumble(INTERVAL '10 seconds'), channel);
