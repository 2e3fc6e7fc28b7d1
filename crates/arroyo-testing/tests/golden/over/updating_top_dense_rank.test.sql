--- use tables.sql
INSERT INTO changes
SELECT * FROM (SELECT channel, id, price / 10 AS tens, dense_rank() OVER (PARTITION BY channel ORDER BY price / 10) AS place FROM bids) WHERE place < 3;

--- expect changes
{"channel":"app","id":13,"tens":1,"place":2}
{"channel":"app","id":16,"tens":0,"place":1}
{"channel":"app","id":37,"tens":1,"place":2}
{"channel":"tv","id":10,"tens":0,"place":1}
{"channel":"tv","id":12,"tens":1,"place":2}
{"channel":"web","id":1,"tens":0,"place":1}
{"channel":"web","id":2,"tens":0,"place":1}
{"channel":"web","id":33,"tens":1,"place":2}
{"channel":null,"id":18,"tens":2,"place":2}
{"channel":null,"id":6,"tens":1,"place":1}
