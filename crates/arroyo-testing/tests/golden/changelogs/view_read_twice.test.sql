--- use tables.sql
CREATE VIEW v AS SELECT channel, count(*) AS n FROM bids GROUP BY channel;
INSERT INTO changes SELECT channel, n FROM v WHERE n > 5 UNION ALL SELECT channel, -n FROM v;

--- expect changes
{"channel":"app","n":-15}
{"channel":"app","n":15}
{"channel":"tv","n":-11}
{"channel":"tv","n":11}
{"channel":"web","n":-9}
{"channel":"web","n":9}
{"channel":null,"n":-5}
