INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES a.tags[1] AS tag, LAST(b.tags[2]) AS other, upper(a.venue) || LAST(b.venue) AS venues, b.price - a.price AS difference,
        b.at - a.at AS took, CASE WHEN COUNT(b.*) > 1 THEN 'many' ELSE 'one' END AS many, 7 AS seven
    PATTERN (a b+)
    DEFINE a AS array_length(a.tags) > 0, b AS b.tags[1] <> a.tags[1]
);
