SELECT p.id, p.name, p.since
FROM (
    SELECT DISTINCT date_bin(INTERVAL '10 seconds', datetime, TIMESTAMP '1970-01-01') AS since, id, name FROM persons
) AS p
JOIN (
    SELECT DISTINCT date_bin(INTERVAL '10 seconds', datetime, TIMESTAMP '1970-01-01') AS since, seller FROM auctions
) AS a ON p.id = a.seller AND p.since = a.since;
