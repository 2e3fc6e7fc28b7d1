INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(looked.at) AS started, cart.at AS carted, buy.at AS bought, COUNT(other.*) AS detours
    PATTERN (looked other*? cart other*? buy) WITHIN INTERVAL '30' SECOND
    DEFINE looked AS page = 'view', cart AS page = 'cart', buy AS page = 'buy'
);
