SELECT customer FROM (SELECT customer, row_number() OVER (PARTITION BY customer) AS place FROM orders INTERSECT SELECT name, row_number() OVER (PARTITION BY name) FROM people);
