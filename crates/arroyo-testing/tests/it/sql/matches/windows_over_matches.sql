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
