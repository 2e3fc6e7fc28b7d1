--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, visitor, count(*) AS n, sum(spent) AS spent FROM visits GROUP BY 1, 2
ALLOW LATENESS INTERVAL '30 seconds';

--- expect changes
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"visitor":"ann","n":1,"spent":10}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"visitor":"cid","n":1,"spent":12}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"visitor":"dee","n":1,"spent":12}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"visitor":"ann","n":1,"spent":14}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"visitor":"dee","n":1,"spent":14}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"visitor":"bob","n":1,"spent":16}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"visitor":"bob","n":1,"spent":20}
{"window":{"start":"2024-01-01T00:01:50","end":"2024-01-01T00:02:00"},"visitor":"cid","n":1,"spent":20}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"visitor":"bob","n":1,"spent":21}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"visitor":"dee","n":1,"spent":21}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"visitor":"dee","n":1,"spent":24}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"visitor":"bob","n":1,"spent":26}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"visitor":"cid","n":1,"spent":26}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"visitor":"dee","n":1,"spent":32}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"visitor":"cid","n":1,"spent":33}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"visitor":"ann","n":1,"spent":38}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"visitor":"ann","n":1,"spent":null}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"visitor":"dee","n":2,"spent":13}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"visitor":"dee","n":2,"spent":17}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"visitor":"bob","n":2,"spent":23}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"visitor":"cid","n":2,"spent":27}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"visitor":"bob","n":2,"spent":29}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"visitor":"cid","n":2,"spent":30}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"visitor":"cid","n":2,"spent":35}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"visitor":"ann","n":2,"spent":39}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"visitor":"dee","n":2,"spent":39}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"visitor":"dee","n":2,"spent":40}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"visitor":"cid","n":2,"spent":51}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"visitor":"bob","n":2,"spent":53}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"visitor":"cid","n":2,"spent":53}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"visitor":"dee","n":2,"spent":72}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"visitor":"cid","n":3,"spent":53}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"visitor":"cid","n":3,"spent":56}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"visitor":"bob","n":4,"spent":63}
