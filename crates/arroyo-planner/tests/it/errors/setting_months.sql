SET updating_ttl = INTERVAL '1' MONTH;
SELECT 1;
