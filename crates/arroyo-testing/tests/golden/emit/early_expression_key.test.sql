--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, price / 10 AS tens, tags, count(*) AS n FROM bids GROUP BY 1, 2, 3 EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":0,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"tens":1,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":2,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"tens":5,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":6,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":7,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":7,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":8,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":9,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":9,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":null,"tags":["new","hot"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":0,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":1,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tens":1,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":3,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":3,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"tens":5,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"tens":5,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":6,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":9,"tags":["new"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":0,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":0,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tens":2,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":5,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":5,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":9,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tens":9,"tags":["sale","hot","x"],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":3,"tags":[],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":4,"tags":[],"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"tens":5,"tags":[],"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":8,"tags":[],"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":2,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":4,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":6,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tens":6,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"tens":7,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"tens":7,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"tens":8,"tags":null,"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"tens":1,"tags":null,"n":2}
