--- use tables.sql
INSERT INTO changes
WITH few AS (SELECT at, visitor, spent * 2 AS twice FROM visits WHERE page IS NOT NULL)
SELECT tumble(INTERVAL '10 seconds') AS window, sum(twice) AS twice FROM few GROUP BY window ALLOW LATENESS INTERVAL '1 hour';

--- expect changes
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"twice":102}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"twice":132}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"twice":144}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"twice":160}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"twice":200}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"twice":200}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"twice":240}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"twice":244}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"twice":272}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"twice":36}
{"window":{"start":"2024-01-01T00:01:50","end":"2024-01-01T00:02:00"},"twice":40}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"twice":52}
