--- use tables.sql
INSERT INTO changes
SELECT cumulate(INTERVAL '5 seconds', INTERVAL '20 seconds') AS window, max(spent) AS most, median(score) AS score FROM visits GROUP BY 1 ALLOW LATENESS INTERVAL '1 hour';

--- expect changes
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:25"},"most":14,"score":1.25}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"most":14,"score":1.25}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:45"},"most":18,"score":1.25}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"most":18,"score":1.25}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:55"},"most":20,"score":1.25}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:02:00"},"most":20,"score":1.25}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:05"},"most":21,"score":1.25}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"most":32,"score":2.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:15"},"most":32,"score":2.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"most":32,"score":2.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"most":33,"score":0.5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"most":33,"score":0.5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:15"},"most":34,"score":0.5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"most":34,"score":0.5}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:35"},"most":37,"score":1.25}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:40"},"most":37,"score":1.25}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:25"},"most":38,"score":0.5}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"most":38,"score":0.5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:45"},"most":38,"score":0.5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"most":38,"score":0.5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:55"},"most":38,"score":0.5}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:35"},"most":38,"score":0.875}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"most":38,"score":0.875}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"most":38,"score":1.25}
