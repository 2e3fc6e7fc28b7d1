--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(looked.at) AS started, cart.at AS carted, buy.at AS bought, COUNT(other.*) AS detours
    PATTERN (looked other*? cart other*? buy) WITHIN INTERVAL '30' SECOND
    DEFINE looked AS page = 'view', cart AS page = 'cart', buy AS page = 'buy'
);

--- expect out
{"person":"ann","started":"2024-05-01T10:00:00","carted":"2024-05-01T10:00:04.037","bought":"2024-05-01T10:00:14.111","detours":1}
{"person":"bob","started":"2024-05-01T10:00:02.444","carted":"2024-05-01T10:00:08.018","bought":"2024-05-01T10:00:20.129","detours":3}
{"person":"cid","started":"2024-05-01T10:00:40.462","carted":"2024-05-01T10:00:49.073","bought":"2024-05-01T10:00:50.110","detours":2}
{"person":"cid","started":"2024-05-01T10:00:51.147","carted":"2024-05-01T10:00:52.184","bought":"2024-05-01T10:00:53.221","detours":0}
{"person":"dot","started":"2024-05-01T10:01:41.332","carted":"2024-05-01T10:01:42.369","bought":"2024-05-01T10:01:50.406","detours":0}
