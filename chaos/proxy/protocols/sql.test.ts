import { expect, test } from 'vitest'

import { nameOfSql } from './sql.ts'

test.each([
  ['INSERT INTO orders (id, client_key) VALUES ($1, $2)', 'INSERT orders'],
  ['insert into public."Orders" values (1)', 'INSERT Orders'],
  ['UPDATE products SET stock = stock - $1 WHERE sku = $2 AND stock >= $1', 'UPDATE products'],
  ['UPDATE ONLY products SET stock = 1', 'UPDATE products'],
  ['DELETE FROM outbox WHERE id = 3', 'DELETE outbox'],
  ['SELECT * FROM orders WHERE id = $1 FOR UPDATE', 'SELECT orders FOR UPDATE'],
  ['SELECT (SELECT 1) AS x, o.id FROM shop.orders o', 'SELECT orders'],
  ['select pg_advisory_xact_lock($1)', 'SELECT pg_advisory_xact_lock'],
  ['SELECT 1', 'SELECT'],
  ['BEGIN', 'BEGIN'],
  ['start transaction isolation level serializable', 'BEGIN'],
  ['BEGIN ISOLATION LEVEL REPEATABLE READ', 'BEGIN'],
  ['COMMIT', 'COMMIT'],
  ['end', 'COMMIT'],
  ['ROLLBACK', 'ROLLBACK'],
  ['ROLLBACK TO SAVEPOINT a', 'ROLLBACK TO'],
  ['SAVEPOINT a', 'SAVEPOINT a'],
  ["SET statement_timeout = '2s'", 'SET statement_timeout'],
  ["SET LOCAL lock_timeout = '2s'", 'SET lock_timeout'],
  ['LOCK TABLE orders IN EXCLUSIVE MODE', 'LOCK TABLE orders'],
  ['COPY orders FROM STDIN', 'COPY orders'],
  ['CREATE TABLE IF NOT EXISTS orders (id text)', 'CREATE TABLE orders'],
  ['CREATE UNIQUE INDEX one ON orders (id)', 'CREATE INDEX one'],
  ['-- note\n/* why */ INSERT INTO a SELECT * FROM b', 'INSERT a'],
  ["INSERT INTO notes VALUES ('it''s; DELETE FROM orders')", 'INSERT notes'],
  ['SELECT $tag$ ; DELETE FROM orders $tag$ FROM a', 'SELECT a'],
  [
    'WITH taken AS (UPDATE products SET stock = 1 RETURNING *) SELECT * FROM taken',
    'UPDATE products',
  ],
  [
    'WITH due AS (SELECT id FROM outbox FOR UPDATE SKIP LOCKED) SELECT * FROM due',
    'SELECT outbox FOR UPDATE',
  ],
  ['BEGIN; INSERT INTO orders VALUES (1); COMMIT', 'BEGIN; INSERT orders; COMMIT'],
  ['a; b; c; d; e', 'A; B; C; D; ...'],
  ['  ;  ', 'empty query'],
])('%s has the name %s', (sql, name) => {
  expect(nameOfSql(sql)).toBe(name)
})
