--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"n":8,"total":287}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":13,"total":536}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"n":16,"total":642}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"n":20,"total":806}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"n":3,"total":238}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"n":10,"total":640}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:45"},"n":1,"total":56}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"n":1,"total":56}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:55"},"n":3,"total":164}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"n":6,"total":341}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:05"},"n":3,"total":127}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4,"total":178}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"n":4,"total":178}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"n":4,"total":178}
