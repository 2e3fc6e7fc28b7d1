--- use tables.sql
INSERT INTO out
SELECT symbol, at, number, kind, n, low, id FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES MATCH_NUMBER() AS number, CLASSIFIER() AS kind, COUNT(*) AS n, MIN(price) AS low
    ALL ROWS PER MATCH
    PATTERN (start down+ up+)
    DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);

--- expect out
{"symbol":"ax","at":"2024-05-01T10:00:00.300","number":1,"kind":"start","n":1,"low":50,"id":1}
{"symbol":"ax","at":"2024-05-01T10:00:03.892","number":1,"kind":"down","n":2,"low":47,"id":3}
{"symbol":"bq","at":"2024-05-01T10:00:04.591","number":1,"kind":"start","n":1,"low":12,"id":4}
{"symbol":"cz","at":"2024-05-01T10:00:05","number":1,"kind":"start","n":1,"low":100,"id":2}
{"symbol":"ax","at":"2024-05-01T10:00:07.042","number":1,"kind":"down","n":3,"low":44,"id":6}
{"symbol":"bq","at":"2024-05-01T10:00:07.364","number":1,"kind":"down","n":2,"low":11,"id":5}
{"symbol":"ax","at":"2024-05-01T10:00:09.098","number":1,"kind":"up","n":4,"low":44,"id":8}
{"symbol":"bq","at":"2024-05-01T10:00:09.866","number":1,"kind":"down","n":3,"low":9,"id":7}
{"symbol":"ax","at":"2024-05-01T10:00:11.160","number":1,"kind":"up","n":5,"low":44,"id":10}
{"symbol":"bq","at":"2024-05-01T10:00:13.225","number":1,"kind":"up","n":4,"low":9,"id":9}
{"symbol":"ax","at":"2024-05-01T10:00:14.289","number":1,"kind":"up","n":6,"low":44,"id":12}
{"symbol":"ax","at":"2024-05-01T10:00:14.289","number":1,"kind":"up","n":7,"low":44,"id":13}
{"symbol":"cz","at":"2024-05-01T10:00:14.632","number":1,"kind":"down","n":2,"low":90,"id":11}
{"symbol":"ax","at":"2024-05-01T10:00:16.169","number":2,"kind":"start","n":1,"low":48,"id":16}
{"symbol":"bq","at":"2024-05-01T10:00:17.650","number":1,"kind":"up","n":5,"low":9,"id":14}
{"symbol":"ax","at":"2024-05-01T10:00:19.675","number":2,"kind":"down","n":2,"low":45,"id":15}
{"symbol":"bq","at":"2024-05-01T10:00:21.777","number":2,"kind":"start","n":1,"low":12,"id":17}
{"symbol":"ax","at":"2024-05-01T10:00:22.597","number":2,"kind":"down","n":3,"low":41,"id":18}
{"symbol":"cz","at":"2024-05-01T10:00:22.968","number":1,"kind":"down","n":3,"low":80,"id":21}
{"symbol":"ax","at":"2024-05-01T10:00:24.542","number":2,"kind":"up","n":4,"low":41,"id":19}
{"symbol":"bq","at":"2024-05-01T10:00:24.576","number":2,"kind":"down","n":2,"low":10,"id":20}
{"symbol":"bq","at":"2024-05-01T10:00:28.181","number":2,"kind":"down","n":3,"low":8,"id":23}
{"symbol":"bq","at":"2024-05-01T10:00:31.037","number":2,"kind":"down","n":4,"low":6,"id":25}
{"symbol":"ax","at":"2024-05-01T10:00:31.628","number":3,"kind":"start","n":1,"low":52,"id":26}
{"symbol":"cz","at":"2024-05-01T10:00:32.339","number":1,"kind":"up","n":4,"low":80,"id":27}
{"symbol":"ax","at":"2024-05-01T10:00:33.051","number":3,"kind":"down","n":2,"low":50,"id":28}
{"symbol":"bq","at":"2024-05-01T10:00:34.899","number":2,"kind":"up","n":5,"low":6,"id":29}
{"symbol":"ax","at":"2024-05-01T10:00:35.687","number":3,"kind":"down","n":3,"low":46,"id":30}
{"symbol":"ax","at":"2024-05-01T10:00:37.787","number":3,"kind":"up","n":4,"low":46,"id":31}
{"symbol":"bq","at":"2024-05-01T10:00:39.078","number":2,"kind":"up","n":6,"low":6,"id":32}
{"symbol":"ax","at":"2024-05-01T10:00:40.291","number":4,"kind":"start","n":1,"low":46,"id":33}
{"symbol":"ax","at":"2024-05-01T10:00:41.609","number":4,"kind":"down","n":2,"low":44,"id":34}
{"symbol":"cz","at":"2024-05-01T10:00:41.756","number":1,"kind":"up","n":5,"low":80,"id":35}
{"symbol":"bq","at":"2024-05-01T10:00:42.129","number":2,"kind":"up","n":7,"low":6,"id":36}
{"symbol":"ax","at":"2024-05-01T10:00:44.782","number":4,"kind":"down","n":3,"low":42,"id":37}
{"symbol":"ax","at":"2024-05-01T10:00:47.748","number":4,"kind":"up","n":4,"low":42,"id":40}
{"symbol":"ax","at":"2024-05-01T10:00:50.088","number":4,"kind":"up","n":5,"low":42,"id":41}
{"symbol":"cz","at":"2024-05-01T10:00:50.427","number":1,"kind":"up","n":6,"low":80,"id":43}
