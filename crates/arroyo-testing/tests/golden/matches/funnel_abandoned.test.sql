--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES cart.id AS cart, LAST(other.id) AS last, COUNT(other.*) AS after
    PATTERN (cart other* leave) WITHIN INTERVAL '20' SECOND
    DEFINE cart AS page = 'cart', other AS other.page NOT IN ('buy', 'exit'), leave AS page = 'exit'
);

--- expect out
{"person":"ann","cart":15,"last":null,"after":0}
