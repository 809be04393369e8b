-- A shop: 1,000 customers and 20,000 orders, of which one in two hundred is open.
CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, country TEXT);
CREATE TABLE orders(
  id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id),
  status TEXT, placed TEXT, cents INTEGER
);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
INSERT INTO customer
SELECT i, 'user' || i || '@example.com',
       substr('DEFRNLSEPLITES', 1 + 2 * (i % 7), 2) FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO orders
SELECT i, 1 + (i * 7919) % 1000,
       CASE WHEN i % 200 = 0 THEN 'open' WHEN i % 3 = 0 THEN 'shipped' ELSE 'done' END,
       date('2024-01-01', '+' || (i % 900) || ' days'), 500 + (i * 31) % 20000 FROM n;
