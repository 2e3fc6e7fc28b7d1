--- use tables.sql
INSERT INTO changes
SELECT channel, auction % 2 AS odd, sum(price) AS s FROM bids GROUP BY CUBE (channel, auction % 2);

--- expect changes
{"channel":"app","odd":0,"s":149}
{"channel":"app","odd":1,"s":591}
{"channel":"app","odd":null,"s":740}
{"channel":"tv","odd":0,"s":200}
{"channel":"tv","odd":1,"s":275}
{"channel":"tv","odd":null,"s":475}
{"channel":"web","odd":0,"s":194}
{"channel":"web","odd":1,"s":277}
{"channel":"web","odd":null,"s":471}
{"channel":null,"odd":0,"s":636}
{"channel":null,"odd":0,"s":93}
{"channel":null,"odd":1,"s":1329}
{"channel":null,"odd":1,"s":186}
{"channel":null,"odd":null,"s":1965}
{"channel":null,"odd":null,"s":279}
