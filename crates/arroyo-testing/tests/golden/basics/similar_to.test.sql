--- use ../tables.sql
INSERT INTO out
SELECT t, t SIMILAR TO 'x' AS x, t SIMILAR TO '%x_' AS near_end, t NOT SIMILAR TO '(X|x)+' AS other,
    t SIMILAR TO 'x!%' ESCAPE '!' AS percent, t SIMILAR TO p AS by_column
FROM (VALUES ('x', 'x|y'), ('Xx', 'X[a-z]'), ('axb', 'a.b'), ('x%', 'x_'), (NULL, '%'), ('x', NULL)) AS v(t, p);

--- expect out
{"t":"x","x":true,"near_end":false,"other":false,"percent":false,"by_column":true}
{"t":"Xx","x":false,"near_end":false,"other":false,"percent":false,"by_column":true}
{"t":"axb","x":false,"near_end":true,"other":true,"percent":false,"by_column":false}
{"t":"x%","x":false,"near_end":true,"other":true,"percent":true,"by_column":true}
{"t":null,"x":null,"near_end":null,"other":null,"percent":null,"by_column":null}
{"t":"x","x":true,"near_end":false,"other":false,"percent":false,"by_column":null}
