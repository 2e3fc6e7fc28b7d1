--- use ../tables.sql
INSERT INTO out
SELECT t, t LIKE 'x!%' ESCAPE '!' AS percent, t ILIKE 'X!_%' ESCAPE '!' AS underscore, t NOT LIKE '%!!' ESCAPE '!' AS other,
    t LIKE '%\' ESCAPE '!' AS backslash, t LIKE 'x\%' ESCAPE '' AS no_escape, t LIKE 'x\%' ESCAPE '\' AS usual,
    t LIKE p ESCAPE '!' AS by_column
FROM (VALUES ('x%', 'x!%'), ('x_y', 'x!__'), ('a!', '_!!'), ('x\', 'x\'), ('x\y', '%y'), (NULL, '%'), ('x', NULL)) AS v(t, p);

--- expect out
