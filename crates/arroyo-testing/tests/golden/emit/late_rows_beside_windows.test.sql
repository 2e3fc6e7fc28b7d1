--- use tables.sql
INSERT INTO late
SELECT visitor, count(*) AS id, 'window' AS page FROM visits GROUP BY tumble(INTERVAL '10 seconds'), visitor LATE ROWS INTO late;

--- expect late
{"visitor":"ann","id":1,"page":"window"}
{"visitor":"ann","id":1,"page":"window"}
{"visitor":"ann","id":1,"page":"window"}
{"visitor":"bob","id":1,"page":"window"}
{"visitor":"bob","id":1,"page":"window"}
{"visitor":"bob","id":1,"page":"window"}
{"visitor":"bob","id":1,"page":"window"}
{"visitor":"cid","id":1,"page":"window"}
{"visitor":"cid","id":1,"page":"window"}
{"visitor":"cid","id":1,"page":"window"}
{"visitor":"cid","id":1,"page":"window"}
{"visitor":"cid","id":1,"page":"window"}
{"visitor":"dee","id":1,"page":"window"}
{"visitor":"dee","id":1,"page":"window"}
{"visitor":"dee","id":1,"page":"window"}
{"visitor":"dee","id":1,"page":"window"}
{"visitor":"dee","id":1,"page":"window"}
{"visitor":"ann","id":2,"page":"window"}
{"visitor":"bob","id":2,"page":"window"}
{"visitor":"bob","id":2,"page":"window"}
{"visitor":"bob","id":2,"page":"window"}
{"visitor":"cid","id":2,"page":"window"}
{"visitor":"cid","id":2,"page":"window"}
{"visitor":"cid","id":2,"page":"window"}
{"visitor":"cid","id":2,"page":"window"}
{"visitor":"cid","id":2,"page":"window"}
{"visitor":"dee","id":2,"page":"window"}
{"visitor":"dee","id":2,"page":"window"}
{"visitor":"dee","id":2,"page":"window"}
{"visitor":"dee","id":2,"page":"window"}
{"visitor":"dee","id":2,"page":"window"}
{"visitor":"bob","id":22,"page":"help"}
{"visitor":"bob","id":3,"page":"window"}
{"visitor":"cid","id":3,"page":"window"}
{"visitor":"cid","id":30,"page":null}
{"visitor":"cid","id":37,"page":null}
{"visitor":"ann","id":44,"page":null}
{"visitor":"bob","id":46,"page":"home"}
