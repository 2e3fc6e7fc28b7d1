INSERT INTO out
SELECT id, date_trunc('second', at) AS second, extract(minute FROM at) AS minute, date_bin(INTERVAL '15 seconds', at) AS bin FROM bids;
