--- use tables.sql
INSERT INTO changes
SELECT bidder, auction, id FROM (SELECT bidder, auction, id, row_number() OVER (PARTITION BY bidder, auction ORDER BY at DESC) AS n FROM bids) WHERE n = 1;

--- expect changes
{"bidder":"ann","auction":1,"id":17}
{"bidder":"bob","auction":1,"id":32}
{"bidder":"cid","auction":1,"id":30}
{"bidder":"dee","auction":1,"id":36}
{"bidder":"ann","auction":2,"id":34}
{"bidder":"bob","auction":2,"id":28}
{"bidder":"cid","auction":2,"id":39}
{"bidder":"dee","auction":2,"id":27}
{"bidder":"ann","auction":3,"id":38}
{"bidder":"bob","auction":3,"id":29}
{"bidder":"cid","auction":3,"id":37}
{"bidder":"dee","auction":3,"id":35}
