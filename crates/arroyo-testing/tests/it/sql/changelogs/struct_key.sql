INSERT INTO changes
SELECT item['name'] AS name, count(*) AS n FROM bids GROUP BY item['name'];
