-- Orders per customer and minute. An order that comes more than ten seconds late is not counted.
CREATE TABLE orders (
    customer TEXT NOT NULL,
    amount DOUBLE,
    ordered_at TIMESTAMP NOT NULL,
    WATERMARK FOR ordered_at AS ordered_at - INTERVAL '10 seconds'
) WITH (
    connector = 'filesystem',
    path = '/data/orders',
    type = 'source',
    format = 'json'
);

SELECT window_start, customer, count(*) AS orders, sum(amount) AS amount
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ordered_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, customer;

--- input orders
{"customer": "ann", "amount": 3.5, "ordered_at": "2024-05-01T10:00:05Z"}
{"customer": "bob", "amount": 7, "ordered_at": "2024-05-01T10:00:50Z"}
{"customer": "ann", "amount": 1, "ordered_at": "2024-05-01T10:01:05Z"}
{"customer": "ann", "amount": 2, "ordered_at": "2024-05-01T10:00:59Z"}
{"customer": "bob", "amount": 4, "ordered_at": "2024-05-01T10:01:30Z"}
{"customer": "bob", "amount": 9, "ordered_at": "2024-05-01T10:00:10Z"}

--- expect
{"window_start":"2024-05-01T10:00:00","customer":"ann","orders":2,"amount":5.5}
{"window_start":"2024-05-01T10:00:00","customer":"bob","orders":1,"amount":7.0}
{"window_start":"2024-05-01T10:01:00","customer":"ann","orders":1,"amount":1.0}
{"window_start":"2024-05-01T10:01:00","customer":"bob","orders":1,"amount":4.0}
