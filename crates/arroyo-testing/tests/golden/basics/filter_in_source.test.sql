--- use ../tables.sql
INSERT INTO out
SELECT sensor, celsius, ok, at FROM sensors
WHERE celsius >= -2.5 AND celsius < 20 AND NOT ok AND sensor <> 's4' AND at > '2024-01-01T00:00:30';

--- expect out
{"sensor":"s2","celsius":16.23,"ok":false,"at":"2024-01-01T00:01:46"}
{"sensor":"s2","celsius":2.72,"ok":false,"at":"2024-01-01T00:01:36"}
{"sensor":"s2","celsius":3.53,"ok":false,"at":"2024-01-01T00:01:05"}
{"sensor":"s2","celsius":6.38,"ok":false,"at":"2024-01-01T00:01:45"}
