--- use tables.sql
INSERT INTO late
SELECT visitor, count(*) AS id, 'session' AS page FROM visits GROUP BY session(INTERVAL '5 seconds'), visitor LATE ROWS INTO late;

--- expect late
{"visitor":"ann","id":1,"page":"session"}
{"visitor":"ann","id":1,"page":"session"}
{"visitor":"ann","id":1,"page":"session"}
{"visitor":"bob","id":1,"page":"session"}
{"visitor":"bob","id":1,"page":"session"}
{"visitor":"bob","id":1,"page":"session"}
{"visitor":"bob","id":1,"page":"session"}
{"visitor":"bob","id":1,"page":"session"}
{"visitor":"bob","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"cid","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"dee","id":1,"page":"session"}
{"visitor":"ann","id":2,"page":"session"}
{"visitor":"bob","id":2,"page":"session"}
{"visitor":"cid","id":2,"page":"session"}
{"visitor":"cid","id":2,"page":"session"}
{"visitor":"dee","id":2,"page":"session"}
{"visitor":"dee","id":2,"page":"session"}
{"visitor":"dee","id":2,"page":"session"}
{"visitor":"dee","id":2,"page":"session"}
{"visitor":"bob","id":22,"page":"help"}
{"visitor":"cid","id":3,"page":"session"}
{"visitor":"cid","id":30,"page":null}
{"visitor":"cid","id":37,"page":null}
{"visitor":"cid","id":4,"page":"session"}
{"visitor":"ann","id":44,"page":null}
{"visitor":"bob","id":46,"page":"home"}
{"visitor":"bob","id":5,"page":"session"}
