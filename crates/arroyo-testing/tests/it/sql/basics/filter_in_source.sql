INSERT INTO out
SELECT sensor, celsius, ok, at FROM sensors
WHERE celsius >= -2.5 AND celsius < 20 AND NOT ok AND sensor <> 's4' AND at > '2024-01-01T00:00:30';
