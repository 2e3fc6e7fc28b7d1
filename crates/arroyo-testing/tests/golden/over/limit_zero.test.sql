--- use tables.sql
INSERT INTO out
SELECT id FROM bids LIMIT 0;

--- expect out
