--- use ../tables.sql
INSERT INTO out
SELECT id, tag, place FROM bids, UNNEST(bids.tags) AS tag WITH OFFSET AS place WHERE id < 6;

--- expect out
{"id":1,"tag":"sale","place":0}
{"id":1,"tag":"hot","place":1}
{"id":1,"tag":"x","place":2}
{"id":2,"tag":"new","place":0}
{"id":3,"tag":"new","place":0}
{"id":3,"tag":"hot","place":1}
{"id":4,"tag":"new","place":0}
{"id":4,"tag":"hot","place":1}
