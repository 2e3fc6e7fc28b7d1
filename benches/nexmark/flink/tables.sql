CREATE TEMPORARY TABLE nexmark (
  person ROW<id BIGINT, name STRING, email_address STRING, credit_card STRING, city STRING, state STRING, `datetime` TIMESTAMP(6), extra STRING>,
  auction ROW<id BIGINT, description STRING, item_name STRING, initial_bid BIGINT, reserve BIGINT, `datetime` TIMESTAMP(6), expires TIMESTAMP(6), seller BIGINT, category BIGINT, extra STRING>,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, `datetime` TIMESTAMP(6), extra STRING>,
  `datetime` AS CAST(COALESCE(bid.`datetime`, auction.`datetime`, person.`datetime`) AS TIMESTAMP(3)),
  p_time AS PROCTIME(),
  WATERMARK FOR `datetime` AS `datetime` - INTERVAL '4' SECOND
) WITH (
  'connector' = 'filesystem',
  'path' = 'file://${DATA}',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);
CREATE TEMPORARY VIEW person AS
SELECT person.id AS id, person.name AS name, person.email_address AS email_address, person.credit_card AS credit_card,
       person.city AS city, person.state AS state, `datetime`, person.extra AS extra
FROM nexmark WHERE person IS NOT NULL;
CREATE TEMPORARY VIEW auction AS
SELECT auction.id AS id, auction.item_name AS item_name, auction.description AS description, auction.initial_bid AS initial_bid,
       auction.reserve AS reserve, `datetime`, auction.expires AS expires, auction.seller AS seller,
       auction.category AS category, auction.extra AS extra
FROM nexmark WHERE auction IS NOT NULL;
CREATE TEMPORARY VIEW bid AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       `datetime`, p_time, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;
CREATE TEMPORARY TABLE side_input (`key` BIGINT, `value` STRING) WITH (
  'connector' = 'filesystem',
  'path' = 'file://${EXAMPLES}/side_input.csv',
  'format' = 'csv',
  'csv.ignore-parse-errors' = 'true'
);
