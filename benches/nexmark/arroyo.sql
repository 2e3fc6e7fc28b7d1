CREATE TABLE nexmark (
    person STRUCT<id BIGINT, name TEXT, email_address TEXT, credit_card TEXT, city TEXT, state TEXT, datetime TIMESTAMP, extra TEXT>,
    auction STRUCT<id BIGINT, description TEXT, item_name TEXT, initial_bid BIGINT, reserve BIGINT, datetime TIMESTAMP, expires TIMESTAMP, seller BIGINT, category BIGINT, extra TEXT>,
    bid STRUCT<auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, datetime TIMESTAMP, extra TEXT>,
    at TIMESTAMP NOT NULL GENERATED ALWAYS AS (coalesce(bid.datetime, auction.datetime, person.datetime, TIMESTAMP '1970-01-01 00:00:00')),
    arrived TIMESTAMP NOT NULL GENERATED ALWAYS AS (now()),
    WATERMARK FOR at AS at - INTERVAL '4 seconds'
) WITH (
    connector = 'filesystem',
    path = '$data',
    type = 'source',
    format = 'json'
);
