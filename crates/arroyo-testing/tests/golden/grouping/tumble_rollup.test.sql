--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n, sum(price) AS total FROM bids GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (channel);

--- expect out
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":"app","n":1,"total":56}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"app","n":2,"total":70}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"app","n":3,"total":167}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"app","n":3,"total":173}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"app","n":3,"total":182}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"app","n":3,"total":92}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"tv","n":1,"total":51}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"tv","n":2,"total":121}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"tv","n":3,"total":140}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"tv","n":5,"total":163}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"web","n":1,"total":37}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"web","n":2,"total":112}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"web","n":3,"total":225}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"web","n":3,"total":97}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"n":1,"total":20}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":null,"n":1,"total":56}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"n":1,"total":57}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"n":1,"total":93}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"n":10,"total":640}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"n":13,"total":536}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"n":2,"total":109}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"n":4,"total":178}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":null,"n":5,"total":285}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"n":7,"total":270}
