--- use tables.sql
INSERT INTO out
SELECT person, n, row_time() AS t FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES COUNT(*) AS n
    PATTERN (a b{3})
) WHERE row_time() > TIMESTAMP '2024-05-01 10:00:30' AND 1 < 2;

--- expect out
{"person":"ann","n":4,"t":"2024-05-01T10:01:30.259"}
{"person":"ann","n":4,"t":"2024-05-01T10:02:11.407"}
{"person":"bob","n":4,"t":"2024-05-01T10:01:00.203"}
{"person":"bob","n":4,"t":"2024-05-01T10:01:35.351"}
{"person":"cid","n":4,"t":"2024-05-01T10:00:41.499"}
{"person":"cid","n":4,"t":"2024-05-01T10:00:51.147"}
{"person":"dot","n":4,"t":"2024-05-01T10:01:42.369"}
