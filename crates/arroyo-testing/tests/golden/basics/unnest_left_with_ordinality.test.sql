--- use ../tables.sql
INSERT INTO out
SELECT id, tag, place FROM bids LEFT JOIN UNNEST(bids.tags) WITH ORDINALITY AS u(tag, place) ON true WHERE id < 6;

--- expect out
{"id":0,"tag":null,"place":null}
{"id":1,"tag":"sale","place":1}
{"id":1,"tag":"hot","place":2}
{"id":1,"tag":"x","place":3}
{"id":2,"tag":"new","place":1}
{"id":3,"tag":"new","place":1}
{"id":3,"tag":"hot","place":2}
{"id":4,"tag":"new","place":1}
{"id":4,"tag":"hot","place":2}
{"id":5,"tag":null,"place":null}
