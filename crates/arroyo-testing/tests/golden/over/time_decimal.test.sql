--- use tables.sql
INSERT INTO out
SELECT sensor, at, sum(level) OVER (PARTITION BY sensor ORDER BY at ROWS 3 PRECEDING) AS levels, stddev(level) OVER (PARTITION BY sensor ORDER BY at) AS spread FROM sensors;

--- expect out
{"sensor":"s3","at":"2024-01-01T00:00:07","levels":-7.52,"spread":null}
{"sensor":"s2","at":"2024-01-01T00:00:08","levels":-2.16,"spread":null}
{"sensor":"s4","at":"2024-01-01T00:00:09","levels":0.36,"spread":null}
{"sensor":"s2","at":"2024-01-01T00:00:11","levels":-3.69,"spread":0.44547727214752514}
{"sensor":"s4","at":"2024-01-01T00:00:12","levels":-4.77,"spread":3.8820162287141455}
{"sensor":"s1","at":"2024-01-01T00:00:14","levels":-3.52,"spread":null}
{"sensor":"s4","at":"2024-01-01T00:00:15","levels":-0.59,"spread":4.679896722507167}
{"sensor":"s2","at":"2024-01-01T00:00:22","levels":-12.13,"spread":3.8206325828759473}
{"sensor":"s1","at":"2024-01-01T00:00:24","levels":-5.82,"spread":0.8626702730475883}
{"sensor":"s3","at":"2024-01-01T00:00:25","levels":2.04,"spread":12.077383822666231}
{"sensor":"s4","at":"2024-01-01T00:00:32","levels":-10.24,"spread":6.078020511098439}
{"sensor":"s3","at":"2024-01-01T00:00:33","levels":-4.72,"spread":9.649234857403634}
{"sensor":"s3","at":"2024-01-01T00:00:34","levels":4.46,"spread":9.538362892376588}
{"sensor":"s3","at":"2024-01-01T00:00:41","levels":12.29,"spread":8.268305751482586}
{"sensor":"s2","at":"2024-01-01T00:00:44","levels":-17.24,"spread":3.164795938655972}
{"sensor":"s3","at":"2024-01-01T00:00:45","levels":-2.98,"spread":7.879935701937336}
{"sensor":"s1","at":"2024-01-01T00:00:48","levels":-0.54,"spread":4.767682875359895}
{"sensor":"s4","at":"2024-01-01T00:00:55","levels":-16.76,"spread":5.504430034072556}
{"sensor":"s2","at":"2024-01-01T00:00:58","levels":-24.43,"spread":3.5485588624116127}
{"sensor":"s2","at":"2024-01-01T00:01:00","levels":-13.47,"spread":6.806203053097961}
{"sensor":"s3","at":"2024-01-01T00:01:01","levels":13.57,"spread":8.116540431207657}
{"sensor":"s4","at":"2024-01-01T00:01:04","levels":-20.35,"spread":5.401043109128704}
{"sensor":"s2","at":"2024-01-01T00:01:05","levels":4.86,"spread":7.863007118932359}
{"sensor":"s4","at":"2024-01-01T00:01:12","levels":-15.35,"spread":7.059274547916176}
{"sensor":"s1","at":"2024-01-01T00:01:13","levels":6.26,"spread":5.228189616556258}
{"sensor":"s1","at":"2024-01-01T00:01:20","levels":15.63,"spread":4.91657604436258}
{"sensor":"s3","at":"2024-01-01T00:01:22","levels":9.65,"spread":7.646095058450237}
{"sensor":"s1","at":"2024-01-01T00:01:24","levels":11.80,"spread":5.614946719842199}
{"sensor":"s2","at":"2024-01-01T00:01:31","levels":8.21,"spread":7.284197058407624}
{"sensor":"s4","at":"2024-01-01T00:01:33","levels":-7.40,"spread":6.538802861162191}
{"sensor":"s2","at":"2024-01-01T00:01:36","levels":9.23,"spread":7.224201416842634}
{"sensor":"s1","at":"2024-01-01T00:01:39","levels":8.18,"spread":5.131849661903684}
{"sensor":"s4","at":"2024-01-01T00:01:41","levels":-8.69,"spread":6.361455764559276}
{"sensor":"s4","at":"2024-01-01T00:01:44","levels":1.64,"spread":6.156761053237868}
{"sensor":"s2","at":"2024-01-01T00:01:45","levels":-6.10,"spread":6.92584082340268}
{"sensor":"s2","at":"2024-01-01T00:01:46","levels":-23.11,"spread":6.727544601385885}
