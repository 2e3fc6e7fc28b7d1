--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, round(avg(price), 4) AS mean, round(stddev(price), 4) AS sd, round(var_pop(price), 4) AS v, median(price) AS m FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"mean":42.4211,"sd":32.5633,"v":1004.5596,"m":37.0}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"mean":64.0,"sd":24.2212,"v":528.0,"m":66.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"mean":56.8333,"sd":33.2711,"v":922.4722,"m":60.5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"mean":44.5,"sd":19.1572,"v":275.25,"m":52.5}
