SELECT id, city FROM orders JOIN people ON customer = name;
