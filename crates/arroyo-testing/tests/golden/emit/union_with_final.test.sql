--- use tables.sql
INSERT INTO changes
SELECT 'early' AS kind, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds') EMIT EVERY INTERVAL '2 milliseconds'
UNION ALL SELECT 'once', count(*) FROM bids GROUP BY tumble(INTERVAL '10 seconds');

--- expect changes
{"kind":"early","n":10}
{"kind":"early","n":13}
{"kind":"early","n":1}
{"kind":"early","n":4}
{"kind":"early","n":5}
{"kind":"early","n":7}
{"kind":"once","n":10}
{"kind":"once","n":13}
{"kind":"once","n":1}
{"kind":"once","n":4}
{"kind":"once","n":5}
{"kind":"once","n":7}
