--- use tables.sql
INSERT INTO changes
SELECT channel, n, count(*) AS c FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY GROUPING SETS ((channel), (n), ());

--- expect changes
{"channel":null,"n":5,"c":1}
{"channel":null,"n":8,"c":1}
{"channel":null,"n":null,"c":12}
{"channel":null,"n":1,"c":2}
{"channel":null,"n":2,"c":2}
{"channel":"app","n":null,"c":3}
{"channel":"tv","n":null,"c":3}
{"channel":"web","n":null,"c":3}
{"channel":null,"n":3,"c":3}
{"channel":null,"n":4,"c":3}
{"channel":null,"n":null,"c":3}
