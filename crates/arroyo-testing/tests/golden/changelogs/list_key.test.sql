--- use tables.sql
INSERT INTO changes
SELECT tags, count(*) AS n FROM bids GROUP BY tags;

--- expect changes
{"tags":["new","hot"],"n":11}
{"tags":[],"n":4}
{"tags":["sale","hot","x"],"n":7}
{"tags":["new"],"n":9}
{"tags":null,"n":9}
