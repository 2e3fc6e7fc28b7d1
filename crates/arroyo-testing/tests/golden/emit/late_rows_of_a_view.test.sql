--- use tables.sql
CREATE VIEW v AS SELECT visitor, count(*) AS n, tumble(INTERVAL '10 seconds') AS window FROM visits GROUP BY visitor, window LATE ROWS INTO late;
INSERT INTO late SELECT visitor, n, 'few' FROM v WHERE n < 2;
INSERT INTO late SELECT visitor, n, 'many' FROM v WHERE n >= 2;

--- expect late
{"visitor":"ann","id":1,"page":"few"}
{"visitor":"ann","id":1,"page":"few"}
{"visitor":"ann","id":1,"page":"few"}
{"visitor":"bob","id":1,"page":"few"}
{"visitor":"bob","id":1,"page":"few"}
{"visitor":"bob","id":1,"page":"few"}
{"visitor":"bob","id":1,"page":"few"}
{"visitor":"cid","id":1,"page":"few"}
{"visitor":"cid","id":1,"page":"few"}
{"visitor":"cid","id":1,"page":"few"}
{"visitor":"cid","id":1,"page":"few"}
{"visitor":"cid","id":1,"page":"few"}
{"visitor":"dee","id":1,"page":"few"}
{"visitor":"dee","id":1,"page":"few"}
{"visitor":"dee","id":1,"page":"few"}
{"visitor":"dee","id":1,"page":"few"}
{"visitor":"dee","id":1,"page":"few"}
{"visitor":"ann","id":2,"page":"many"}
{"visitor":"bob","id":2,"page":"many"}
{"visitor":"bob","id":2,"page":"many"}
{"visitor":"bob","id":2,"page":"many"}
{"visitor":"cid","id":2,"page":"many"}
{"visitor":"cid","id":2,"page":"many"}
{"visitor":"cid","id":2,"page":"many"}
{"visitor":"cid","id":2,"page":"many"}
{"visitor":"cid","id":2,"page":"many"}
{"visitor":"dee","id":2,"page":"many"}
{"visitor":"dee","id":2,"page":"many"}
{"visitor":"dee","id":2,"page":"many"}
{"visitor":"dee","id":2,"page":"many"}
{"visitor":"dee","id":2,"page":"many"}
{"visitor":"bob","id":22,"page":"help"}
{"visitor":"bob","id":3,"page":"many"}
{"visitor":"cid","id":3,"page":"many"}
{"visitor":"cid","id":30,"page":null}
{"visitor":"cid","id":37,"page":null}
{"visitor":"ann","id":44,"page":null}
{"visitor":"bob","id":46,"page":"home"}
