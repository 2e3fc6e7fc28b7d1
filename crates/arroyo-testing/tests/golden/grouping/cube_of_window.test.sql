--- use ../tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, channel, sum(price) AS total FROM bids GROUP BY CUBE (tumble(INTERVAL '10 seconds'), channel);

--- expect changes
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"app","total":167}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"app","total":173}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"app","total":182}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":"app","total":56}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"app","total":70}
{"window":null,"channel":"app","total":740}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"app","total":92}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"tv","total":121}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"tv","total":140}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"tv","total":163}
{"window":null,"channel":"tv","total":475}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"tv","total":51}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"web","total":112}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"web","total":225}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"web","total":37}
{"window":null,"channel":"web","total":471}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"web","total":97}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"total":109}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"total":178}
{"window":null,"channel":null,"total":1965}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"total":20}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"total":270}
{"window":null,"channel":null,"total":279}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":null,"total":285}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"total":536}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":null,"total":56}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"total":57}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"total":640}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"total":93}
