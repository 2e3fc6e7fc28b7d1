--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES SUM(a.volume) AS volume, AVG(a.price) AS mean, COUNT(*) AS n, LAST(id) AS last_id
    PATTERN (a+ b)
    DEFINE a AS SUM(a.volume) < 20 AND COUNT(a.price) <= 4, b AS b.price > AVG(a.price) OR b.volume > MAX(a.volume)
);

--- expect out
{"symbol":"ax","volume":18,"mean":46.75,"n":5,"last_id":10}
{"symbol":"ax","volume":9,"mean":51.0,"n":2,"last_id":13}
{"symbol":"bq","volume":9,"mean":11.0,"n":3,"last_id":14}
{"symbol":"ax","volume":9,"mean":46.5,"n":3,"last_id":18}
{"symbol":"cz","volume":9,"mean":95.0,"n":3,"last_id":21}
{"symbol":"bq","volume":12,"mean":10.0,"n":4,"last_id":25}
{"symbol":"ax","volume":12,"mean":44.333333333333336,"n":4,"last_id":26}
{"symbol":"ax","volume":7,"mean":48.0,"n":3,"last_id":31}
{"symbol":"bq","volume":16,"mean":9.333333333333334,"n":4,"last_id":38}
{"symbol":"ax","volume":19,"mean":44.0,"n":4,"last_id":40}
{"symbol":"cz","volume":11,"mean":90.0,"n":3,"last_id":43}
{"symbol":"bq","volume":3,"mean":15.0,"n":2,"last_id":44}
{"symbol":"ax","volume":13,"mean":50.0,"n":4,"last_id":46}
{"symbol":"bq","volume":7,"mean":11.0,"n":3,"last_id":5}
