SELECT FROM orders;
