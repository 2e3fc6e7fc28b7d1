--- use tables.sql
INSERT INTO out
SELECT count FROM (SELECT 5 AS count FROM bids LIMIT 4) UNION ALL SELECT 6 FROM sensors;

--- expect out
{"count":5}
{"count":5}
{"count":5}
{"count":5}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
{"count":6}
