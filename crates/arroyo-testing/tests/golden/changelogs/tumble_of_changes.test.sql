--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, sum(price) AS s FROM (SELECT channel, max(price) AS price FROM bids GROUP BY channel, at) AS v GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"n":1,"s":56}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"n":10,"s":640}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":13,"s":536}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4,"s":178}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"n":5,"s":285}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"n":7,"s":270}
