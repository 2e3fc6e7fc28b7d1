--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, visitor, count(*) AS n, avg(spent) AS spent FROM visits GROUP BY 1, 2 ALLOW LATENESS INTERVAL '1 hour';

--- expect changes
{"window":{"start":"2024-01-01T00:01:21","end":"2024-01-01T00:01:24"},"visitor":"ann","n":1,"spent":10.0}
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:10"},"visitor":"bob","n":1,"spent":10.0}
{"window":{"start":"2024-01-01T00:00:12","end":"2024-01-01T00:00:15"},"visitor":"bob","n":1,"spent":10.0}
{"window":{"start":"2024-01-01T00:00:49.800","end":"2024-01-01T00:00:52.800"},"visitor":"dee","n":1,"spent":10.0}
{"window":{"start":"2024-01-01T00:00:23","end":"2024-01-01T00:00:26"},"visitor":"dee","n":1,"spent":11.0}
{"window":{"start":"2024-01-01T00:01:23","end":"2024-01-01T00:01:26"},"visitor":"cid","n":1,"spent":12.0}
{"window":{"start":"2024-01-01T00:01:43","end":"2024-01-01T00:01:46"},"visitor":"dee","n":1,"spent":12.0}
{"window":{"start":"2024-01-01T00:00:52.500","end":"2024-01-01T00:00:55.500"},"visitor":"ann","n":1,"spent":14.0}
{"window":{"start":"2024-01-01T00:01:23","end":"2024-01-01T00:01:26"},"visitor":"dee","n":1,"spent":14.0}
{"window":{"start":"2024-01-01T00:00:23.500","end":"2024-01-01T00:00:26.500"},"visitor":"bob","n":1,"spent":16.0}
{"window":{"start":"2024-01-01T00:00:48","end":"2024-01-01T00:00:51"},"visitor":"bob","n":1,"spent":16.0}
{"window":{"start":"2024-01-01T00:00:16","end":"2024-01-01T00:00:19"},"visitor":"bob","n":1,"spent":19.0}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:01:33"},"visitor":"bob","n":1,"spent":20.0}
{"window":{"start":"2024-01-01T00:01:50","end":"2024-01-01T00:01:53"},"visitor":"cid","n":1,"spent":20.0}
{"window":{"start":"2024-01-01T00:01:01","end":"2024-01-01T00:01:04"},"visitor":"bob","n":1,"spent":21.0}
{"window":{"start":"2024-01-01T00:01:18","end":"2024-01-01T00:01:21"},"visitor":"dee","n":1,"spent":21.0}
{"window":{"start":"2024-01-01T00:01:17","end":"2024-01-01T00:01:20"},"visitor":"bob","n":1,"spent":23.0}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:06"},"visitor":"dee","n":1,"spent":24.0}
{"window":{"start":"2024-01-01T00:00:55","end":"2024-01-01T00:00:58"},"visitor":"bob","n":1,"spent":26.0}
{"window":{"start":"2024-01-01T00:01:15","end":"2024-01-01T00:01:18"},"visitor":"cid","n":1,"spent":26.0}
{"window":{"start":"2024-01-01T00:00:29","end":"2024-01-01T00:00:32"},"visitor":"dee","n":1,"spent":28.0}
{"window":{"start":"2024-01-01T00:00:45.800","end":"2024-01-01T00:00:48.800"},"visitor":"dee","n":1,"spent":3.0}
{"window":{"start":"2024-01-01T00:01:11","end":"2024-01-01T00:01:14"},"visitor":"bob","n":1,"spent":30.0}
{"window":{"start":"2024-01-01T00:01:06","end":"2024-01-01T00:01:09"},"visitor":"dee","n":1,"spent":32.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:03"},"visitor":"cid","n":1,"spent":33.0}
{"window":{"start":"2024-01-01T00:00:13","end":"2024-01-01T00:00:16"},"visitor":"cid","n":1,"spent":34.0}
{"window":{"start":"2024-01-01T00:01:37","end":"2024-01-01T00:01:40"},"visitor":"dee","n":1,"spent":35.0}
{"window":{"start":"2024-01-01T00:01:33","end":"2024-01-01T00:01:36"},"visitor":"dee","n":1,"spent":37.0}
{"window":{"start":"2024-01-01T00:00:41.800","end":"2024-01-01T00:00:44.800"},"visitor":"ann","n":1,"spent":38.0}
{"window":{"start":"2024-01-01T00:00:27.800","end":"2024-01-01T00:00:30.800"},"visitor":"bob","n":1,"spent":7.0}
{"window":{"start":"2024-01-01T00:00:49.500","end":"2024-01-01T00:00:52.500"},"visitor":"cid","n":1,"spent":8.0}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:13"},"visitor":"dee","n":1,"spent":8.0}
{"window":{"start":"2024-01-01T00:00:17","end":"2024-01-01T00:00:20"},"visitor":"dee","n":1,"spent":9.0}
{"window":{"start":"2024-01-01T00:01:45","end":"2024-01-01T00:01:48"},"visitor":"ann","n":1,"spent":null}
{"window":{"start":"2024-01-01T00:01:07","end":"2024-01-01T00:01:11"},"visitor":"cid","n":2,"spent":17.5}
{"window":{"start":"2024-01-01T00:00:33.500","end":"2024-01-01T00:00:38.500"},"visitor":"ann","n":2,"spent":19.5}
{"window":{"start":"2024-01-01T00:00:58","end":"2024-01-01T00:01:02.500"},"visitor":"dee","n":2,"spent":20.0}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:44"},"visitor":"cid","n":2,"spent":22.5}
{"window":{"start":"2024-01-01T00:00:31.500","end":"2024-01-01T00:00:36"},"visitor":"cid","n":2,"spent":25.5}
{"window":{"start":"2024-01-01T00:01:36","end":"2024-01-01T00:01:44.500"},"visitor":"cid","n":4,"spent":14.25}
{"window":{"start":"2024-01-01T00:00:19","end":"2024-01-01T00:00:26.800"},"visitor":"cid","n":4,"spent":18.75}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:06"},"visitor":"bob","n":4,"spent":19.75}
