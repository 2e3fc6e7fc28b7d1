--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '30 seconds') AS longer, max(n) AS most, sum(n) AS n
FROM (SELECT visitor, count(*) AS n FROM visits GROUP BY visitor, tumble(INTERVAL '10 seconds') EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS w
GROUP BY 1;

--- expect changes
{"longer":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"most":5,"n":20}
{"longer":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"most":3,"n":15}
{"longer":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"most":2,"n":11}
{"longer":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:02:00"},"most":2,"n":10}
