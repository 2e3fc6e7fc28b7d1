INSERT INTO out
SELECT person, id, number, kind FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES MATCH_NUMBER() AS number, CLASSIFIER() AS kind
    ALL ROWS PER MATCH OMIT EMPTY MATCHES
    PATTERN (views{2,} | ())
    DEFINE views AS page <> 'buy'
);
