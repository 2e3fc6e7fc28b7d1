--- use tables.sql
INSERT INTO late
SELECT visitor, id, 'all' AS page FROM visits WHERE id % 10 = 0;
INSERT INTO nowhere
SELECT visitor, count(*) AS n FROM (SELECT visitor, n FROM (SELECT visitor, count(*) AS n FROM visits GROUP BY tumble(INTERVAL '10 seconds'), visitor ALLOW LATENESS INTERVAL '30 seconds' LATE ROWS INTO late) AS w) AS x GROUP BY visitor HAVING count(*) > 99;

--- expect late
{"visitor":"cid","id":0,"page":"all"}
{"visitor":"cid","id":10,"page":"all"}
{"visitor":"cid","id":20,"page":"all"}
{"visitor":"cid","id":30,"page":"all"}
{"visitor":"bob","id":40,"page":"all"}
{"visitor":"bob","id":46,"page":"home"}
{"visitor":"cid","id":50,"page":"all"}
