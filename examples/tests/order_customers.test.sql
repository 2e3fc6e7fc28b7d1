-- Orders with the names of their customers, which are looked up.
CREATE TABLE orders (
    id BIGINT NOT NULL,
    customer BIGINT,
    ordered_at TIMESTAMP NOT NULL,
    WATERMARK FOR ordered_at
) WITH (
    connector = 'filesystem',
    path = '/data/orders',
    type = 'source',
    format = 'json'
);

CREATE TEMPORARY TABLE customers (
    id BIGINT PRIMARY KEY,
    name TEXT
) WITH (
    connector = 'filesystem',
    path = '/data/customers.csv',
    format = 'csv'
);

SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON o.customer = c.id;

--- input customers
{"id": 7, "name": "ann"}
{"id": 8, "name": "bob"}

--- input orders
{"id": 1, "customer": 8, "ordered_at": "2024-05-01T10:00:05Z"}
{"id": 2, "customer": 9, "ordered_at": "2024-05-01T10:00:06Z"}
{"id": 3, "customer": null, "ordered_at": "2024-05-01T10:00:07Z"}

--- expect
{"id": 1, "name": "bob"}
{"id": 2, "name": null}
{"id": 3, "name": null}
