--- use ../tables.sql
INSERT INTO out
SELECT count(*) AS n, min(id) AS first FROM bids GROUP BY cumulate(INTERVAL '15 seconds', INTERVAL '45 seconds');

--- expect out
{"n":16,"first":0}
{"n":20,"first":0}
{"n":31,"first":0}
{"n":5,"first":31}
{"n":9,"first":31}
{"n":9,"first":31}
