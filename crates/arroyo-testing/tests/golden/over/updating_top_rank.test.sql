--- use tables.sql
INSERT INTO changes
SELECT * FROM (SELECT channel, id, price / 10 AS tens, rank() OVER (PARTITION BY channel ORDER BY price / 10 DESC NULLS LAST) AS place FROM bids) WHERE place <= 2;

--- expect changes
{"channel":"app","id":11,"tens":9,"place":1}
{"channel":"app","id":31,"tens":8,"place":2}
{"channel":"tv","id":19,"tens":6,"place":2}
{"channel":"tv","id":28,"tens":7,"place":1}
{"channel":"tv","id":7,"tens":6,"place":2}
{"channel":"web","id":27,"tens":9,"place":1}
{"channel":"web","id":34,"tens":9,"place":1}
{"channel":null,"id":24,"tens":9,"place":1}
{"channel":null,"id":8,"tens":9,"place":1}
