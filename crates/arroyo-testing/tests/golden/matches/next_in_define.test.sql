--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES peak.id AS peak, FIRST(id) AS first_id
    AFTER MATCH SKIP TO NEXT ROW
    PATTERN (a* peak)
    DEFINE a AS price < NEXT(price), peak AS price > PREV(price) AND price > NEXT(price, 1) AND NEXT(price, 2) IS NOT NULL
);

--- expect out
{"symbol":"bq","peak":4,"first_id":0}
{"symbol":"ax","peak":13,"first_id":10}
{"symbol":"ax","peak":13,"first_id":12}
{"symbol":"ax","peak":13,"first_id":13}
{"symbol":"bq","peak":14,"first_id":14}
{"symbol":"ax","peak":26,"first_id":22}
{"symbol":"ax","peak":26,"first_id":24}
{"symbol":"ax","peak":26,"first_id":26}
{"symbol":"ax","peak":31,"first_id":30}
{"symbol":"ax","peak":31,"first_id":31}
{"symbol":"bq","peak":4,"first_id":4}
{"symbol":"ax","peak":13,"first_id":6}
{"symbol":"bq","peak":14,"first_id":7}
{"symbol":"ax","peak":13,"first_id":8}
{"symbol":"bq","peak":14,"first_id":9}
