INSERT INTO out
SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE (SELECT at, 1 AS source FROM bids UNION ALL SELECT at, 2 FROM sensors), DESCRIPTOR(at), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
