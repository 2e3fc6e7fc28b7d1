--- use ../tables.sql
INSERT INTO out
SELECT b.id, tag FROM bids b, LATERAL UNNEST(b.tags) AS tag WHERE tag <> 'hot';

--- expect out
{"id":1,"tag":"sale"}
{"id":1,"tag":"x"}
{"id":10,"tag":"new"}
{"id":11,"tag":"sale"}
{"id":11,"tag":"x"}
{"id":13,"tag":"new"}
{"id":14,"tag":"new"}
{"id":15,"tag":"sale"}
{"id":15,"tag":"x"}
{"id":16,"tag":"sale"}
{"id":16,"tag":"x"}
{"id":18,"tag":"new"}
{"id":19,"tag":"new"}
{"id":2,"tag":"new"}
{"id":21,"tag":"new"}
{"id":24,"tag":"new"}
{"id":26,"tag":"sale"}
{"id":26,"tag":"x"}
{"id":27,"tag":"new"}
{"id":28,"tag":"new"}
{"id":29,"tag":"new"}
{"id":3,"tag":"new"}
{"id":30,"tag":"new"}
{"id":32,"tag":"sale"}
{"id":32,"tag":"x"}
{"id":33,"tag":"new"}
{"id":34,"tag":"sale"}
{"id":34,"tag":"x"}
{"id":37,"tag":"new"}
{"id":38,"tag":"new"}
{"id":39,"tag":"new"}
{"id":4,"tag":"new"}
{"id":7,"tag":"new"}
{"id":8,"tag":"new"}
