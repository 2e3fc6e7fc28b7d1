-- Nexmark q12. Bids of each person in windows of ten seconds of processing time: a row's event time is when it was read.
CREATE TABLE nexmark (
    arrived TIMESTAMP NOT NULL GENERATED ALWAYS AS (now()),
    WATERMARK FOR arrived
) WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.bidder AS bidder FROM nexmark WHERE bid IS NOT NULL;

SELECT bidder, bids, w.window.start AS since, w.window.end AS until
FROM (SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS bids FROM bids GROUP BY window, bidder) AS w;
