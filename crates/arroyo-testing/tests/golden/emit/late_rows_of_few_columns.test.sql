--- use tables.sql
INSERT INTO nowhere SELECT count(*) AS n FROM visits WHERE visitor <> 'cid' GROUP BY tumble(INTERVAL '10 seconds') HAVING count(*) > 99 LATE ROWS INTO late;

--- expect late
{"visitor":"bob","id":22,"page":"help"}
{"visitor":"ann","id":44,"page":null}
{"visitor":"bob","id":46,"page":"home"}
