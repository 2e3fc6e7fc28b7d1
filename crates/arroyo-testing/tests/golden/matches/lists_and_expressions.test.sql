--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES a.tags[1] AS tag, LAST(b.tags[2]) AS other, upper(a.venue) || LAST(b.venue) AS venues, b.price - a.price AS difference,
        b.at - a.at AS took, CASE WHEN COUNT(b.*) > 1 THEN 'many' ELSE 'one' END AS many, 7 AS seven
    PATTERN (a b+)
    DEFINE a AS array_length(a.tags) > 0, b AS b.tags[1] <> a.tags[1]
);

--- expect out
{"symbol":"bq","tag":"t2","other":"x","venues":"Ee","difference":-2,"took":"PT2.856S","many":"one","seven":7}
{"symbol":"ax","tag":"t0","other":"x","venues":"Ee","difference":-4,"took":"PT4.491S","many":"many","seven":7}
{"symbol":"cz","tag":"t2","other":"x","venues":"Nn","difference":-5,"took":"PT17.707S","many":"many","seven":7}
{"symbol":"ax","tag":"t1","other":"x","venues":"En","difference":-6,"took":"PT6.742S","many":"many","seven":7}
{"symbol":"cz","tag":"t2","other":"x","venues":"En","difference":10,"took":"PT8.671S","many":"one","seven":7}
{"symbol":"ax","tag":"t0","other":"x","venues":"En","difference":2,"took":"PT5.409S","many":"many","seven":7}
{"symbol":"bq","tag":"t2","other":"x","venues":"Nn","difference":2,"took":"PT5.861S","many":"many","seven":7}
{"symbol":"ax","tag":"t0","other":"x","venues":"En","difference":2,"took":"PT2.1S","many":"one","seven":7}
{"symbol":"bq","tag":"t2","other":"x","venues":"Ne","difference":3,"took":"PT2.745S","many":"one","seven":7}
{"symbol":"ax","tag":"t2","other":"x","venues":"En","difference":4,"took":"PT7.267S","many":"many","seven":7}
