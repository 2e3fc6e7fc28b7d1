--- use tables.sql
INSERT INTO out
SELECT window.start AS start, person, matches, amount FROM (
    SELECT tumble(INTERVAL '20 seconds') AS window, person, count(*) AS matches, sum(amount) AS amount FROM (
        SELECT * FROM steps MATCH_RECOGNIZE (
            PARTITION BY person
            ORDER BY at
            MEASURES SUM(amount) AS amount
            PATTERN (cart other*? buy) WITHIN INTERVAL '1' MINUTE
            DEFINE cart AS page = 'cart', buy AS page = 'buy'
        )
    ) GROUP BY 1, 2
);

--- expect out
{"start":"2024-05-01T10:01:20","person":"bob","matches":1,"amount":25}
{"start":"2024-05-01T10:01:00","person":"bob","matches":1,"amount":27}
{"start":"2024-05-01T10:01:40","person":"dot","matches":1,"amount":30}
{"start":"2024-05-01T10:00:00","person":"cid","matches":1,"amount":37}
{"start":"2024-05-01T10:00:00","person":"ann","matches":1,"amount":52}
{"start":"2024-05-01T10:02:00","person":"ann","matches":1,"amount":61}
{"start":"2024-05-01T10:00:20","person":"bob","matches":1,"amount":78}
{"start":"2024-05-01T10:00:40","person":"cid","matches":2,"amount":92}
