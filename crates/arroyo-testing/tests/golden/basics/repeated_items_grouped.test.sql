--- use ../tables.sql
INSERT INTO out SELECT auction, auction::TEXT, tumble(INTERVAL '1 minute') AS w, max(at), max(at)::DATE, count(*), count(*)
FROM bids GROUP BY auction, auction::TEXT, w;

--- expect out
{"auction":1,"auction_1":"1","w":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"max(bids.at)":"2024-01-01T00:01:01.300","max(at)_1":"2024-01-01","count(*)":1,"count(*)_1":1}
{"auction":1,"auction_1":"1","w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"max(bids.at)":"2024-01-01T00:00:54.700","max(at)_1":"2024-01-01","count(*)":13,"count(*)_1":13}
{"auction":2,"auction_1":"2","w":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"max(bids.at)":"2024-01-01T00:01:04.500","max(at)_1":"2024-01-01","count(*)":1,"count(*)_1":1}
{"auction":2,"auction_1":"2","w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"max(bids.at)":"2024-01-01T00:00:56.700","max(at)_1":"2024-01-01","count(*)":8,"count(*)_1":8}
{"auction":3,"auction_1":"3","w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"max(bids.at)":"2024-01-01T00:00:58.900","max(at)_1":"2024-01-01","count(*)":15,"count(*)_1":15}
{"auction":3,"auction_1":"3","w":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"max(bids.at)":"2024-01-01T00:01:05.300","max(at)_1":"2024-01-01","count(*)":2,"count(*)_1":2}
