SELECT customer FROM (SELECT customer, row_number() OVER (PARTITION BY customer) AS place FROM orders EXCEPT SELECT name, row_number() OVER (PARTITION BY name) FROM people);
