--- use tables.sql
INSERT INTO changes
SELECT channel, auction, count(*) AS n, count(price) AS priced FROM bids GROUP BY channel, auction;

--- expect changes
{"channel":"app","auction":1,"n":5,"priced":5}
{"channel":"tv","auction":1,"n":4,"priced":4}
{"channel":"web","auction":1,"n":4,"priced":4}
{"channel":null,"auction":1,"n":1,"priced":1}
{"channel":"app","auction":2,"n":2,"priced":2}
{"channel":"tv","auction":2,"n":4,"priced":4}
{"channel":"web","auction":2,"n":2,"priced":2}
{"channel":null,"auction":2,"n":1,"priced":1}
{"channel":"app","auction":3,"n":8,"priced":7}
{"channel":"tv","auction":3,"n":3,"priced":3}
{"channel":"web","auction":3,"n":3,"priced":3}
{"channel":null,"auction":3,"n":3,"priced":3}
