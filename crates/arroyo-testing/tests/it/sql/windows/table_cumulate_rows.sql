INSERT INTO out
SELECT id, bidder, window_start, window_end FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) WHERE auction = 3;
