--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, sum(price) AS total, max(price) AS high FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2023-12-31T23:59:40","end":"2024-01-01T00:00:10"},"total":536,"high":98}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:20"},"total":806,"high":98}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"total":806,"high":98}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:40"},"total":910,"high":96}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:50"},"total":696,"high":96}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"total":981,"high":98}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:10"},"total":519,"high":98}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:20"},"total":463,"high":98}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"total":178,"high":57}
