CREATE VIEW v AS SELECT channel, count(*) AS n FROM bids GROUP BY channel;
INSERT INTO changes SELECT channel, n FROM v WHERE n > 5 UNION ALL SELECT channel, -n FROM v;
