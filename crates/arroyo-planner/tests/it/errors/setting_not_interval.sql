SET updating_ttl = 'soon';
SELECT 1;
