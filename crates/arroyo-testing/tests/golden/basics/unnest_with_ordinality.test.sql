--- use ../tables.sql
INSERT INTO out
SELECT id, tag, place FROM bids CROSS JOIN UNNEST(bids.tags) WITH ORDINALITY AS u(tag, place) WHERE id < 12;

--- expect out
{"id":1,"tag":"sale","place":1}
{"id":1,"tag":"hot","place":2}
{"id":1,"tag":"x","place":3}
{"id":10,"tag":"new","place":1}
{"id":10,"tag":"hot","place":2}
{"id":11,"tag":"sale","place":1}
{"id":11,"tag":"hot","place":2}
{"id":11,"tag":"x","place":3}
{"id":2,"tag":"new","place":1}
{"id":3,"tag":"new","place":1}
{"id":3,"tag":"hot","place":2}
{"id":4,"tag":"new","place":1}
{"id":4,"tag":"hot","place":2}
{"id":7,"tag":"new","place":1}
{"id":8,"tag":"new","place":1}
{"id":8,"tag":"hot","place":2}
