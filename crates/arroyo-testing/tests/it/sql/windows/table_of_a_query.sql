INSERT INTO out
SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE (SELECT at, price FROM bids WHERE price > 40), DESCRIPTOR(at), INTERVAL '20' SECOND)) GROUP BY window_start, window_end;
