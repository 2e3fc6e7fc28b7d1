--- use ../tables.sql
INSERT INTO out
SELECT sensor, level * 2 AS twice, level + 0.01 AS more FROM sensors;

--- expect out
{"sensor":"s1","twice":-12.26,"more":-6.12}
{"sensor":"s1","twice":-4.60,"more":-2.29}
{"sensor":"s1","twice":-7.04,"more":-3.5100000000000002}
{"sensor":"s1","twice":10.56,"more":5.29}
{"sensor":"s1","twice":11.70,"more":5.859999999999999}
{"sensor":"s1","twice":13.60,"more":6.81}
{"sensor":"s1","twice":3.32,"more":1.67}
{"sensor":"s2","twice":-10.22,"more":-5.1000000000000005}
{"sensor":"s2","twice":-11.80,"more":-5.890000000000001}
{"sensor":"s2","twice":-14.24,"more":-7.11}
{"sensor":"s2","twice":-16.66,"more":-8.32}
{"sensor":"s2","twice":-16.88,"more":-8.43}
{"sensor":"s2","twice":-18.70,"more":-9.34}
{"sensor":"s2","twice":-3.06,"more":-1.52}
{"sensor":"s2","twice":-3.52,"more":-1.75}
{"sensor":"s2","twice":-4.32,"more":-2.1500000000000004}
{"sensor":"s2","twice":18.86,"more":9.44}
{"sensor":"s2","twice":19.78,"more":9.9}
{"sensor":"s3","twice":-11.42,"more":-5.7}
{"sensor":"s3","twice":-13.52,"more":-6.75}
{"sensor":"s3","twice":-15.04,"more":-7.51}
{"sensor":"s3","twice":0.62,"more":0.32}
{"sensor":"s3","twice":10.52,"more":5.27}
{"sensor":"s3","twice":18.36,"more":9.19}
{"sensor":"s3","twice":19.12,"more":9.57}
{"sensor":"s3","twice":19.58,"more":9.799999999999999}
{"sensor":"s4","twice":-10.26,"more":-5.12}
{"sensor":"s4","twice":-12.32,"more":-6.15}
{"sensor":"s4","twice":-14.90,"more":-7.44}
{"sensor":"s4","twice":-17.44,"more":-8.71}
{"sensor":"s4","twice":-19.30,"more":-9.64}
{"sensor":"s4","twice":-3.40,"more":-1.69}
{"sensor":"s4","twice":0.72,"more":0.37}
{"sensor":"s4","twice":18.36,"more":9.19}
{"sensor":"s4","twice":3.22,"more":1.62}
{"sensor":"s4","twice":8.36,"more":4.1899999999999995}
