--- use tables.sql
INSERT INTO out
SELECT sensor, at, celsius, last_value(celsius) IGNORE NULLS OVER (PARTITION BY sensor ORDER BY at) AS known FROM sensors;

--- expect out
{"sensor":"s3","at":"2024-01-01T00:00:07","celsius":null,"known":null}
{"sensor":"s2","at":"2024-01-01T00:00:08","celsius":28.12,"known":28.12}
{"sensor":"s4","at":"2024-01-01T00:00:09","celsius":null,"known":null}
{"sensor":"s2","at":"2024-01-01T00:00:11","celsius":9.76,"known":9.76}
{"sensor":"s4","at":"2024-01-01T00:00:12","celsius":null,"known":null}
{"sensor":"s1","at":"2024-01-01T00:00:14","celsius":null,"known":null}
{"sensor":"s4","at":"2024-01-01T00:00:15","celsius":null,"known":null}
{"sensor":"s2","at":"2024-01-01T00:00:22","celsius":1.73,"known":1.73}
{"sensor":"s1","at":"2024-01-01T00:00:24","celsius":null,"known":null}
{"sensor":"s3","at":"2024-01-01T00:00:25","celsius":null,"known":null}
{"sensor":"s4","at":"2024-01-01T00:00:32","celsius":null,"known":null}
{"sensor":"s3","at":"2024-01-01T00:00:33","celsius":null,"known":null}
{"sensor":"s3","at":"2024-01-01T00:00:34","celsius":23.26,"known":23.26}
{"sensor":"s3","at":"2024-01-01T00:00:41","celsius":-1.65,"known":-1.65}
{"sensor":"s2","at":"2024-01-01T00:00:44","celsius":27.88,"known":27.88}
{"sensor":"s3","at":"2024-01-01T00:00:45","celsius":null,"known":-1.65}
{"sensor":"s1","at":"2024-01-01T00:00:48","celsius":null,"known":null}
{"sensor":"s4","at":"2024-01-01T00:00:55","celsius":23.1,"known":23.1}
{"sensor":"s2","at":"2024-01-01T00:00:58","celsius":null,"known":27.88}
{"sensor":"s2","at":"2024-01-01T00:01:00","celsius":null,"known":27.88}
{"sensor":"s3","at":"2024-01-01T00:01:01","celsius":29.76,"known":29.76}
{"sensor":"s4","at":"2024-01-01T00:01:04","celsius":null,"known":23.1}
{"sensor":"s2","at":"2024-01-01T00:01:05","celsius":3.53,"known":3.53}
{"sensor":"s4","at":"2024-01-01T00:01:12","celsius":null,"known":23.1}
{"sensor":"s1","at":"2024-01-01T00:01:13","celsius":null,"known":null}
{"sensor":"s1","at":"2024-01-01T00:01:20","celsius":22.15,"known":22.15}
{"sensor":"s3","at":"2024-01-01T00:01:22","celsius":null,"known":29.76}
{"sensor":"s1","at":"2024-01-01T00:01:24","celsius":null,"known":22.15}
{"sensor":"s2","at":"2024-01-01T00:01:31","celsius":null,"known":3.53}
{"sensor":"s4","at":"2024-01-01T00:01:33","celsius":null,"known":23.1}
{"sensor":"s2","at":"2024-01-01T00:01:36","celsius":2.72,"known":2.72}
{"sensor":"s1","at":"2024-01-01T00:01:39","celsius":26.56,"known":26.56}
{"sensor":"s4","at":"2024-01-01T00:01:41","celsius":14.72,"known":14.72}
{"sensor":"s4","at":"2024-01-01T00:01:44","celsius":14.9,"known":14.9}
{"sensor":"s2","at":"2024-01-01T00:01:45","celsius":6.38,"known":6.38}
{"sensor":"s2","at":"2024-01-01T00:01:46","celsius":16.23,"known":16.23}
