/** A statement of one of the connections a, b and c. */
export type Step = readonly [connection: 'a' | 'b' | 'c', sql: string, ...parameters: unknown[]]

const key = `INSERT INTO idempotency_keys (key, request_hash, response_status, response_body) VALUES ($1, $2, 201, '{"id": 1}')`
const order = `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status) VALUES ($1, $1, 'ann', 'tea', 2, 900, 'placed')`
const ledger = `INSERT INTO ledger_transactions (order_id, kind, charge_id) VALUES ($1, 'charge', 'ch') RETURNING id`
const take = `UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2`
const list = `UPDATE products SET price_cents = list.price_cents, price_edition = $3
  FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
  WHERE products.sku = list.sku`
const prices = [
  ['tea', 'mug'],
  [451, 1_201],
] as const

/** Sequences of statements for which the store must reply as Postgres does. */
export const sqlCases: Readonly<Record<string, readonly Step[]>> = {
  'values and types': [
    ['a', `SELECT 1 AS one, '2' AS two, 3::bigint AS three, NULL AS none, true AS yes`],
    [
      'a',
      `SELECT 7 / 2 AS half, -7 / 2 AS minus, 7 % 3 AS rest, 2 + 3 * 4 AS sum, 'a' || 'b' AS text`,
    ],
    ['a', `SELECT $1::bigint AS big, $2::text AS text, $3::integer`, '9007199254740993', 5, '12'],
    ['a', `SELECT $1::bigint`, '99999999999999999999'],
    ['a', `SELECT $1::bigint`, '3f2a'],
    ['a', `SELECT 2147483647 + 1`],
    ['a', `SELECT 1 / 0`],
    [
      'a',
      `SELECT NULL = 1 AS a, NULL IS NULL AS b, 1 IS DISTINCT FROM NULL AS c, NOT (NULL OR true) AS d, NULL AND false AS e`,
    ],
    [
      'a',
      `SELECT 1 IN (1, NULL) AS a, 2 IN (1, NULL) AS b, 2 NOT IN (1, 3) AS c, 3 = ANY ($1) AS d, 2 BETWEEN 1 AND 2 AS e`,
      [1, 3],
    ],
    [
      'a',
      `SELECT coalesce(NULL, 3), nullif(1, 1), greatest(1, 3, 2) AS most, CASE WHEN false THEN 1 ELSE 2 END`,
    ],
    [
      'a',
      `SELECT count(*), max(price_cents), min(price_cents) AS cheap, sum(stock), count(*)::integer AS n FROM products WHERE sku IN ('tea', 'mug')`,
    ],
    ['a', `SELECT count(*) FROM orders`],
    [
      'a',
      `SELECT max(price_edition) + 1 AS next, coalesce(max(price_fence), 0) < 5 AS low FROM products`,
    ],
    [
      'a',
      `SELECT clock_timestamp() > now() - interval '1 hour' AS a, $1 * interval '1 millisecond' < interval '1 second' AS b`,
      500,
    ],
    ['a', `SELECT nextval('price_fences') AS fence`],
    [
      'a',
      `SELECT $1::pg_lsn > '0/FFFFFB8'::pg_lsn AS later, $1::pg_lsn AS position, $1::pg_lsn::text || '' AS text, pg_wal_lsn_diff($1, '1/0')::text AS diff`,
      '0/10000100',
    ],
    ['a', `SELECT $1::pg_lsn >= NULL AS unknown`, '0/A'],
    ['a', `SELECT $1::pg_lsn`, '0/XYZ'],
    [
      'a',
      `SELECT list.n, list.t FROM unnest($1::integer[], $2::text[]) AS list (n, t) WHERE n > 1`,
      [1, 2, 3],
      ['x', 'y'],
    ],
  ],
  queries: [
    ['a', order, 'o-1'],
    ['a', order, 'o-2'],
    [
      'a',
      `INSERT INTO outbox (topic, order_id, payload) VALUES ('orders', $1, $2) RETURNING id, payload`,
      'o-1',
      { amount: 12.5 },
    ],
    [
      'a',
      `SELECT orders.id, o.payload, o.published_at FROM outbox AS o JOIN orders ON orders.id = o.order_id ORDER BY orders.id`,
    ],
    [
      'a',
      `SELECT orders.id, o.topic FROM orders LEFT JOIN outbox o ON orders.id = o.order_id ORDER BY 1 DESC LIMIT 1`,
    ],
    ['a', `SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM outbox WHERE order_id = orders.id)`],
    [
      'a',
      `SELECT id FROM orders WHERE id NOT IN (SELECT order_id FROM outbox) AND status = ANY ($1)`,
      ['placed', 'charging'],
    ],
    [
      'a',
      `SELECT (SELECT count(*) FROM outbox WHERE order_id = o.id) AS n, o.id FROM orders o ORDER BY o.id`,
    ],
    [
      'a',
      `WITH late AS (SELECT id FROM orders ORDER BY id LIMIT 1) UPDATE orders SET status = 'charging' FROM late WHERE orders.id = late.id RETURNING orders.id, orders.status, version`,
    ],
    ['a', `WITH gone AS (DELETE FROM outbox RETURNING order_id) SELECT order_id FROM gone`],
    ['a', `SELECT id FROM orders WHERE status = 'placed' ORDER BY id LIMIT 5 OFFSET 1`],
    [
      'a',
      `SELECT 1, 2, orders.id, o.id FROM orders JOIN orders AS o ON o.id = orders.id ORDER BY o.id`,
    ],
    [
      'a',
      `WITH entry AS (INSERT INTO ledger_transactions (order_id, kind, charge_id)
         SELECT id, 'charge', $1 FROM orders WHERE id = 'o-1' RETURNING id)
       INSERT INTO ledger_entries (transaction_id, account, amount_cents)
       SELECT entry.id, e.account, e.cents FROM entry, unnest($2::text[], $3::integer[]) AS e (account, cents)
       RETURNING account, amount_cents`,
      'ch',
      ['sales', 'payments-receivable'],
      [-900, 900],
    ],
    [
      'a',
      `SELECT id FROM orders WHERE id IN (SELECT o.id FROM orders AS o ORDER BY o.id DESC LIMIT 1)`,
    ],
    ['a', `UPDATE orders SET status = 'paid' WHERE id = 'o-9'`],
    ['a', `UPDATE orders SET status = 'unknown' WHERE id = 'o-1'`],
    ['a', `INSERT INTO orders (id) VALUES ('o-3')`],
    ['a', order, 'o-1'],
  ],
  'a failed statement fails the transaction, until a savepoint': [
    ['a', 'BEGIN'],
    ['a', key, 'k-1', 'h'],
    ['a', 'SAVEPOINT here'],
    ['a', key, 'k-1', 'h'],
    ['a', 'SELECT 1 AS one'],
    ['a', 'ROLLBACK TO SAVEPOINT here'],
    ['a', 'SELECT key FROM idempotency_keys'],
    ['a', 'SELECT 1 / 0'],
    ['a', 'COMMIT'],
    ['a', 'SELECT key FROM idempotency_keys'],
  ],
  'a key that another transaction has inserted: commit, rollback, and a conflict': [
    ['a', 'BEGIN'],
    ['a', key, 'k-1', 'h'],
    ['b', 'BEGIN'],
    ['b', 'SELECT key FROM idempotency_keys'],
    ['b', `${key} ON CONFLICT (key) DO NOTHING`, 'k-1', 'i'],
    ['c', 'BEGIN'],
    ['c', key, 'k-2', 'x'],
    ['a', 'COMMIT'],
    ['b', 'SELECT key, request_hash, response_body FROM idempotency_keys'],
    ['b', key, 'k-2', 'y'],
    ['c', 'ROLLBACK'],
    ['b', key, 'k-1', 'y'],
    ['b', 'ROLLBACK'],
    ['c', 'SELECT key FROM idempotency_keys'],
  ],
  'ON CONFLICT DO UPDATE sees the newest row': [
    ['a', 'BEGIN'],
    ['a', key, 'k-1', 'h'],
    [
      'b',
      `INSERT INTO idempotency_keys AS stored (key, request_hash, response_status, response_body)
       VALUES ('k-1', 'other', 201, '{}') ON CONFLICT (key) DO UPDATE SET request_hash = stored.request_hash
       RETURNING stored.xmax = 0 AS ours, stored.request_hash AS hash`,
    ],
    ['a', 'COMMIT'],
    [
      'c',
      `INSERT INTO idempotency_keys AS stored (key, request_hash, response_status, response_body)
       VALUES ('k-2', 'first', 201, '{}') ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash
       RETURNING stored.xmax = 0 AS ours, stored.request_hash AS hash`,
    ],
  ],
  'an UPDATE waits, and tests its condition again': [
    ['a', `UPDATE products SET stock = 1 WHERE sku = 'tea'`],
    ['a', 'BEGIN'],
    ['a', take, 'tea', 1],
    ['b', take, 'tea', 1],
    ['c', `SELECT stock FROM products WHERE sku = 'tea'`],
    ['a', 'COMMIT'],
    ['c', `SELECT stock FROM products WHERE sku = 'tea'`],
  ],
  'a subquery is not read again after a wait': [
    ['a', 'BEGIN'],
    ['a', list, ...prices, 5],
    ['b', `${list} AND (SELECT coalesce(max(price_edition), 0) FROM products) < $3`, ...prices, 3],
    ['a', 'COMMIT'],
    ['a', `SELECT sku, price_edition FROM products WHERE sku IN ('tea', 'mug') ORDER BY sku`],
  ],
  'locked rows: wait, skip and refuse': [
    ['a', 'BEGIN'],
    ['a', `SELECT stock FROM products WHERE sku = 'tea' FOR NO KEY UPDATE`],
    [
      'b',
      `SELECT sku FROM products WHERE sku IN ('tea', 'mug') ORDER BY sku FOR UPDATE SKIP LOCKED`,
    ],
    ['b', `SELECT sku FROM products WHERE sku = 'tea' FOR UPDATE NOWAIT`],
    [
      'b',
      `SELECT sku FROM products WHERE sku IN ('tea', 'mug') ORDER BY sku LIMIT 1 FOR UPDATE SKIP LOCKED`,
    ],
    ['b', `SELECT sku FROM products WHERE sku = 'tea' FOR KEY SHARE`],
    ['b', `SELECT stock FROM products WHERE sku = 'tea' FOR UPDATE`],
    ['a', `UPDATE products SET stock = 3 WHERE sku = 'tea'`],
    ['a', 'COMMIT'],
  ],
  'READ COMMITTED sees the commits of others, and not what is open': [
    ['a', 'BEGIN'],
    ['b', 'BEGIN'],
    ['a', ledger, 'o-1'],
    ['b', ledger, 'o-1'],
    ['a', `SELECT count(*)::integer AS n FROM ledger_transactions WHERE order_id = 'o-1'`],
    ['b', `SELECT count(*)::integer AS n FROM ledger_transactions WHERE order_id = 'o-1'`],
    ['a', 'COMMIT'],
    ['b', `SELECT count(*)::integer AS n FROM ledger_transactions WHERE order_id = 'o-1'`],
    ['b', 'COMMIT'],
  ],
  'REPEATABLE READ: one snapshot, and an error for a row that has changed': [
    ['a', 'BEGIN ISOLATION LEVEL REPEATABLE READ'],
    ['a', `SELECT stock FROM products WHERE sku = 'tea'`],
    ['b', `UPDATE products SET stock = 7 WHERE sku = 'tea'`],
    ['a', `SELECT stock FROM products WHERE sku = 'tea'`],
    ['a', take, 'tea', 1],
    ['a', 'COMMIT'],
  ],
  'SERIALIZABLE: two transactions that have read each other': [
    ['a', 'BEGIN ISOLATION LEVEL SERIALIZABLE'],
    ['b', 'BEGIN ISOLATION LEVEL SERIALIZABLE'],
    ['a', `SELECT id FROM ledger_transactions WHERE order_id = 'o-1'`],
    ['b', `SELECT id FROM ledger_transactions WHERE order_id = 'o-1'`],
    ['a', ledger, 'o-1'],
    ['b', ledger, 'o-1'],
    ['a', 'COMMIT'],
    ['b', 'COMMIT'],
  ],
  'advisory locks of a transaction and of a connection': [
    ['a', 'BEGIN'],
    ['a', `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, 'k-1'],
    ['b', `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine`, 'k-1'],
    ['b', `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine`, 'k-2'],
    ['b', 'BEGIN'],
    ['b', `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, 'k-1'],
    ['a', 'ROLLBACK'],
    ['a', `SELECT pg_try_advisory_lock(hashtext('k-1')) AS mine`],
    ['b', 'COMMIT'],
    ['a', 'BEGIN'],
    ['a', `SELECT pg_advisory_lock(7)`],
    ['a', 'ROLLBACK'],
    ['b', `SELECT pg_try_advisory_lock(7) AS mine`],
    ['b', `SELECT pg_advisory_unlock(7) AS mine`],
    ['b', `SELECT pg_advisory_lock(7)`],
    ['a', `SELECT pg_advisory_unlock(7) AS mine`],
    [
      'a',
      `UPDATE products SET stock = 9 WHERE sku = 'tea' AND (SELECT pg_try_advisory_xact_lock(7))`,
    ],
  ],
  'two transactions that wait for each other': [
    ['a', 'BEGIN'],
    ['b', 'BEGIN'],
    ['a', `UPDATE products SET stock = 1 WHERE sku = 'tea'`],
    ['b', `UPDATE products SET stock = 1 WHERE sku = 'mug'`],
    ['b', `SELECT 1 AS one FROM products WHERE sku = 'tea' FOR UPDATE NOWAIT`],
    ['b', 'ROLLBACK'],
    ['a', `UPDATE products SET stock = 1 WHERE sku = 'mug'`],
    ['a', 'COMMIT'],
  ],
  'table locks': [
    ['a', 'BEGIN'],
    ['a', 'LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE'],
    ['b', `SELECT sku FROM products WHERE sku = 'tea'`],
    ['b', take, 'tea', 1],
    ['a', 'COMMIT'],
  ],
}
