--- use ../tables.sql
INSERT INTO out
SELECT id, tag FROM bids LEFT JOIN UNNEST(bids.tags) AS u(tag) ON true WHERE id < 12;

--- expect out
{"id":0,"tag":null}
{"id":1,"tag":"hot"}
{"id":1,"tag":"sale"}
{"id":1,"tag":"x"}
{"id":10,"tag":"hot"}
{"id":10,"tag":"new"}
{"id":11,"tag":"hot"}
{"id":11,"tag":"sale"}
{"id":11,"tag":"x"}
{"id":2,"tag":"new"}
{"id":3,"tag":"hot"}
{"id":3,"tag":"new"}
{"id":4,"tag":"hot"}
{"id":4,"tag":"new"}
{"id":5,"tag":null}
{"id":6,"tag":null}
{"id":7,"tag":"new"}
{"id":8,"tag":"hot"}
{"id":8,"tag":"new"}
{"id":9,"tag":null}
