-- A bid is in five windows: that which starts last, and the four before it.
WITH panes AS (SELECT auction, date_bin(INTERVAL '2 seconds', datetime, TIMESTAMP '1970-01-01') AS pane FROM bids),
starts AS (
    SELECT auction, pane AS start FROM panes
    UNION ALL SELECT auction, pane - INTERVAL '2 seconds' FROM panes
    UNION ALL SELECT auction, pane - INTERVAL '4 seconds' FROM panes
    UNION ALL SELECT auction, pane - INTERVAL '6 seconds' FROM panes
    UNION ALL SELECT auction, pane - INTERVAL '8 seconds' FROM panes
),
counts AS (SELECT start, auction, count(*) AS num FROM starts GROUP BY start, auction)
SELECT c.auction, c.num
FROM counts AS c
JOIN (SELECT start, max(num) AS most FROM counts GROUP BY start) AS m ON c.start = m.start AND c.num >= m.most;
