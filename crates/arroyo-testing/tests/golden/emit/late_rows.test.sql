--- use tables.sql
INSERT INTO nowhere SELECT visitor, count(*) AS n FROM visits GROUP BY tumble(INTERVAL '10 seconds'), visitor HAVING count(*) > 99 LATE ROWS INTO late;

--- expect late
{"visitor":"bob","id":22,"page":"help"}
{"visitor":"cid","id":30,"page":null}
{"visitor":"cid","id":37,"page":null}
{"visitor":"ann","id":44,"page":null}
{"visitor":"bob","id":46,"page":"home"}
