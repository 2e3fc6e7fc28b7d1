--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, tag, count(*) AS n FROM (SELECT unnest(tags) AS tag FROM bids) GROUP BY 1, 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tag":"hot","n":6}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tag":"new","n":6}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tag":"sale","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tag":"x","n":2}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tag":"hot","n":4}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tag":"new","n":4}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tag":"sale","n":2}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tag":"x","n":2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tag":"hot","n":4}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tag":"new","n":5}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tag":"sale","n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tag":"x","n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"tag":"new","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tag":"hot","n":2}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tag":"new","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tag":"sale","n":2}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tag":"x","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"tag":"hot","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"tag":"new","n":3}
