CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT a.auction, (
  SELECT max(n) FROM (SELECT tumble(INTERVAL '1 minute') AS w, count(*) AS n FROM bids b WHERE b.bidder < a.bidder GROUP BY 1)
) AS most FROM bids a;
