INSERT INTO out
SELECT window_start, bidder, auction, count(*) AS n FROM TABLE(SESSION(DATA => TABLE bids PARTITION BY (bidder, auction), TIMECOL => DESCRIPTOR(at), GAP => INTERVAL '8' SECOND)) GROUP BY window_start, window_end, auction, bidder;
