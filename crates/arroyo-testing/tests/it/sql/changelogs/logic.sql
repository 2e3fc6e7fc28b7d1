INSERT INTO changes
SELECT sensor, bool_and(ok) AS every, bool_or(ok) AS some FROM sensors GROUP BY sensor;
