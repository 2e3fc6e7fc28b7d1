--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, page, count(*) AS n, avg(spent) AS spent FROM visits GROUP BY 1, 2
ALLOW LATENESS INTERVAL '30 seconds' EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"page":"cart","n":1,"spent":14.0}
{"window":{"start":"2024-01-01T00:01:50","end":"2024-01-01T00:02:00"},"page":"cart","n":1,"spent":20.0}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"page":"cart","n":1,"spent":21.0}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"page":"cart","n":1,"spent":23.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"page":"cart","n":1,"spent":24.0}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"page":"cart","n":1,"spent":7.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"page":"help","n":1,"spent":32.0}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"page":"help","n":1,"spent":8.0}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"page":"help","n":1,"spent":null}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"page":"home","n":1,"spent":12.0}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"page":"home","n":1,"spent":18.0}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"page":"home","n":1,"spent":19.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"page":"home","n":1,"spent":19.0}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"page":"home","n":1,"spent":26.0}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"page":"home","n":1,"spent":30.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"page":null,"n":1,"spent":10.0}
{"window":{"start":"2024-01-01T00:01:20","end":"2024-01-01T00:01:30"},"page":null,"n":1,"spent":10.0}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"page":null,"n":1,"spent":14.0}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"page":null,"n":1,"spent":18.0}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"page":null,"n":1,"spent":19.0}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"page":"cart","n":2,"spent":20.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"page":"cart","n":2,"spent":5.5}
{"window":{"start":"2024-01-01T00:01:10","end":"2024-01-01T00:01:20"},"page":"help","n":2,"spent":23.5}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"page":"help","n":2,"spent":24.5}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"page":"help","n":2,"spent":25.5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"page":"help","n":2,"spent":31.5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"page":"home","n":2,"spent":11.5}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"page":"home","n":2,"spent":22.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"page":"home","n":2,"spent":24.0}
{"window":{"start":"2024-01-01T00:01:40","end":"2024-01-01T00:01:50"},"page":null,"n":2,"spent":10.5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"page":null,"n":2,"spent":18.5}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"page":null,"n":2,"spent":9.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"page":"help","n":3,"spent":20.333333333333332}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"page":"cart","n":4,"spent":15.25}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:40"},"page":"home","n":4,"spent":28.5}
