CREATE TABLE clicks (userId BIGINT, "pageURL" TEXT, geo STRUCT<zipCode INT>, eventTime TIMESTAMP NOT NULL, WATERMARK FOR eventtime AS EVENTTIME)
WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT userid, max(c.geo.zipcode) AS zip, c.PAGEURL, "userId" + 1 AS next, count(*) AS userCount FROM clicks AS c WHERE USERID > 1 GROUP BY userId, pageurl;
