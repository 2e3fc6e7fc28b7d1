--- use tables.sql
INSERT INTO changes
SELECT channel, string_agg(CAST(n AS TEXT), '+' ORDER BY auction) AS ns, min(CAST(n AS TEXT)) AS low FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","ns":"5+2+8","low":"2"}
{"channel":"tv","ns":"4+4+3","low":"3"}
{"channel":"web","ns":"4+2+3","low":"2"}
{"channel":null,"ns":"1+1+3","low":"1"}
