--- use tables.sql
INSERT INTO changes
SELECT a.window.start AS start, a.n AS visits, b.n AS bids
FROM (SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n FROM visits GROUP BY 1 EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS a
LEFT JOIN (SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n FROM bids GROUP BY 1) AS b ON a.window = b.window;

--- expect changes
{"start":"2024-01-01T00:00:40","visits":7,"bids":1}
{"start":"2024-01-01T00:00:30","visits":4,"bids":10}
{"start":"2024-01-01T00:00:00","visits":7,"bids":13}
{"start":"2024-01-01T00:01:00","visits":4,"bids":4}
{"start":"2024-01-01T00:00:50","visits":4,"bids":5}
{"start":"2024-01-01T00:00:10","visits":6,"bids":7}
{"start":"2024-01-01T00:00:20","visits":7,"bids":null}
{"start":"2024-01-01T00:01:10","visits":4,"bids":null}
{"start":"2024-01-01T00:01:20","visits":3,"bids":null}
{"start":"2024-01-01T00:01:30","visits":5,"bids":null}
{"start":"2024-01-01T00:01:40","visits":4,"bids":null}
{"start":"2024-01-01T00:01:50","visits":1,"bids":null}
