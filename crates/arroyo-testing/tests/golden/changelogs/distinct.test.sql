--- use tables.sql
INSERT INTO changes
SELECT DISTINCT channel, auction FROM bids;

--- expect changes
{"channel":"app","auction":1}
{"channel":"tv","auction":1}
{"channel":"web","auction":1}
{"channel":null,"auction":1}
{"channel":"app","auction":2}
{"channel":"tv","auction":2}
{"channel":"web","auction":2}
{"channel":null,"auction":2}
{"channel":"app","auction":3}
{"channel":"tv","auction":3}
{"channel":"web","auction":3}
{"channel":null,"auction":3}
