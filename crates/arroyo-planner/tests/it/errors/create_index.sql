CREATE INDEX i ON orders (id);
