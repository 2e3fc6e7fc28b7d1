--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '20 seconds', INTERVAL '1 minute') AS window, avg(price) AS mean, median(price) AS middle FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"mean":42.421052631578945,"middle":37.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"mean":49.86206896551724,"middle":50.0}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"mean":51.05714285714286,"middle":56.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"mean":44.5,"middle":52.5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:40"},"mean":44.5,"middle":52.5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"mean":44.5,"middle":52.5}
