--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) FILTER (WHERE price > 50) AS dear, sum(DISTINCT price) AS total, round(stddev(price), 6) AS spread FROM bids
GROUP BY 1 EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"dear":1,"total":56,"spread":null}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"dear":3,"total":178,"spread":19.157244}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"dear":3,"total":270,"spread":26.425096}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"dear":3,"total":285,"spread":37.19543}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"dear":5,"total":536,"spread":36.596903}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"dear":6,"total":640,"spread":24.221203}
