SET updating_tll = INTERVAL '1 hour';
SELECT 1;
