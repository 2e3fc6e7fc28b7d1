--- use tables.sql
INSERT INTO changes
SELECT hop(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, bidder, count(*) AS n, avg(price) AS price FROM bids GROUP BY 1, 2
EMIT EVERY INTERVAL '5 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1,"price":50.0}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:45"},"bidder":"ann","n":1,"price":50.0}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"bidder":"ann","n":1,"price":50.0}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"bidder":"ann","n":1,"price":50.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1,"price":51.0}
{"window":{"start":"2024-01-01T00:01:05","end":"2024-01-01T00:01:25"},"bidder":"ann","n":1,"price":51.0}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:35"},"bidder":"ann","n":1,"price":73.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1,"price":98.0}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:05"},"bidder":"ann","n":1,"price":98.0}
{"window":{"start":"2023-12-31T23:59:45","end":"2024-01-01T00:00:05"},"bidder":"ann","n":2,"price":69.0}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:10"},"bidder":"ann","n":2,"price":74.5}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:15"},"bidder":"ann","n":2,"price":74.5}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:30"},"bidder":"ann","n":3,"price":47.333333333333336}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:10"},"bidder":"ann","n":4,"price":67.75}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"bidder":"ann","n":5,"price":55.0}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:15"},"bidder":"ann","n":6,"price":56.666666666666664}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7,"price":59.0}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:05"},"bidder":"bob","n":1,"price":23.0}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:10"},"bidder":"bob","n":1,"price":23.0}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1,"price":79.0}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:30"},"bidder":"bob","n":1,"price":9.0}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:35"},"bidder":"bob","n":1,"price":9.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","n":2,"price":39.5}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"bidder":"bob","n":2,"price":52.0}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:45"},"bidder":"bob","n":2,"price":67.5}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"bidder":"bob","n":2,"price":67.5}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"bidder":"bob","n":3,"price":52.666666666666664}
{"window":{"start":"2023-12-31T23:59:45","end":"2024-01-01T00:00:05"},"bidder":"bob","n":3,"price":8.0}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:10"},"bidder":"bob","n":4,"price":37.0}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:15"},"bidder":"bob","n":4,"price":37.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","n":5,"price":30.0}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:30"},"bidder":"cid","n":1,"price":37.0}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:10"},"bidder":"cid","n":2,"price":10.5}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:05"},"bidder":"cid","n":2,"price":35.0}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:10"},"bidder":"cid","n":2,"price":35.0}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:15"},"bidder":"cid","n":2,"price":35.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2,"price":35.0}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:35"},"bidder":"cid","n":2,"price":72.5}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:15"},"bidder":"cid","n":3,"price":19.333333333333332}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3,"price":19.333333333333332}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"bidder":"cid","n":3,"price":19.333333333333332}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"bidder":"cid","n":3,"price":43.666666666666664}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5,"price":55.2}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:45"},"bidder":"cid","n":5,"price":55.2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"bidder":"cid","n":5,"price":55.2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","n":1,"price":57.0}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"bidder":"dee","n":2,"price":41.0}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:30"},"bidder":"dee","n":2,"price":41.0}
{"window":{"start":"2023-12-31T23:59:45","end":"2024-01-01T00:00:05"},"bidder":"dee","n":3,"price":44.333333333333336}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:10"},"bidder":"dee","n":3,"price":44.333333333333336}
{"window":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:15"},"bidder":"dee","n":3,"price":44.333333333333336}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:01:15"},"bidder":"dee","n":3,"price":45.333333333333336}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3,"price":54.666666666666664}
{"window":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:35"},"bidder":"dee","n":3,"price":58.333333333333336}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"bidder":"dee","n":3,"price":75.66666666666667}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3,"price":78.33333333333333}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:45"},"bidder":"dee","n":3,"price":78.33333333333333}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"bidder":"dee","n":3,"price":78.33333333333333}
{"window":{"start":"2024-01-01T00:00:45","end":"2024-01-01T00:01:05"},"bidder":"dee","n":4,"price":55.25}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:10"},"bidder":"dee","n":4,"price":55.25}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","n":5,"price":43.0}
