--- use tables.sql
INSERT INTO changes SELECT n FROM (SELECT count(*) AS n FROM bids) AS c WHERE 1 > 2;

--- expect changes
