SELECT * FROM (VALUES (1, random())) AS t(a, b);
