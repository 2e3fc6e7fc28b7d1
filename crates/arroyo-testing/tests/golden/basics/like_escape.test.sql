--- use ../tables.sql
INSERT INTO out
SELECT t, t LIKE 'x!%' ESCAPE '!' AS percent, t ILIKE 'X!_%' ESCAPE '!' AS underscore, t NOT LIKE '%!!' ESCAPE '!' AS other,
    t LIKE '%\' ESCAPE '!' AS backslash, t LIKE 'x\%' ESCAPE '' AS no_escape, t LIKE 'x\%' ESCAPE '\' AS usual,
    t LIKE p ESCAPE '!' AS by_column
FROM (VALUES ('x%', 'x!%'), ('x_y', 'x!__'), ('a!', '_!!'), ('x\', 'x\'), ('x\y', '%y'), (NULL, '%'), ('x', NULL)) AS v(t, p);

--- expect out
{"t":"x","percent":false,"underscore":false,"other":true,"backslash":false,"no_escape":false,"usual":false,"by_column":null}
{"t":"a!","percent":false,"underscore":false,"other":false,"backslash":false,"no_escape":false,"usual":false,"by_column":true}
{"t":"x_y","percent":false,"underscore":true,"other":true,"backslash":false,"no_escape":false,"usual":false,"by_column":true}
{"t":"x%","percent":true,"underscore":false,"other":true,"backslash":false,"no_escape":false,"usual":true,"by_column":true}
{"t":"x\\y","percent":false,"underscore":false,"other":true,"backslash":false,"no_escape":true,"usual":false,"by_column":true}
{"t":null,"percent":null,"underscore":null,"other":null,"backslash":null,"no_escape":null,"usual":null,"by_column":null}
{"t":"x\\","percent":false,"underscore":false,"other":true,"backslash":true,"no_escape":true,"usual":false,"by_column":true}
