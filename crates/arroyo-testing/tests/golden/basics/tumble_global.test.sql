--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":13,"total":536}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"n":7,"total":270}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"n":10,"total":640}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"n":1,"total":56}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"n":5,"total":285}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4,"total":178}
