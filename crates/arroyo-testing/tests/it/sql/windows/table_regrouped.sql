INSERT INTO out
SELECT window_start, window_end, max(n) AS top FROM (SELECT window_start, window_end, auction, count(*) AS n FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) GROUP BY window_start, window_end, auction) GROUP BY window_start, window_end;
