--- use tables.sql
INSERT INTO changes
SELECT channel, median(price) AS m FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","m":59.0}
{"channel":"tv","m":41.0}
{"channel":"web","m":46.0}
{"channel":null,"m":57.0}
