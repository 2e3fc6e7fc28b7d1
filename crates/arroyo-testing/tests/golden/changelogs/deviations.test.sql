--- use tables.sql
INSERT INTO changes
SELECT sensor, round(stddev(celsius), 6) AS sd, round(var_pop(celsius), 6) AS v FROM sensors GROUP BY sensor;

--- expect changes
{"sensor":"s2","sd":10.888005,"v":103.730073}
{"sensor":"s3","sd":16.579838,"v":183.260689}
{"sensor":"s1","sd":3.118341,"v":4.862025}
{"sensor":"s4","sd":4.78708,"v":15.277422}
