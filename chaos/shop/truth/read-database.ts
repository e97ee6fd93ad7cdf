import { Pool } from 'pg'

import type { MigrationTruth, OrderStatus, ShopCounters, Truth } from './truth.ts'

/** The part of the truth that is in Postgres. */
export type DatabaseTruth = Pick<
  Truth,
  | 'orders'
  | 'orderEvents'
  | 'products'
  | 'priceEvents'
  | 'stockEvents'
  | 'ledger'
  | 'outbox'
  | 'receivedEvents'
  | 'paymentStates'
  | 'migrations'
>

/** When the row's transaction became visible. A store that does not record it gives the time of the write. */
const committed = iso(
  `coalesce(CASE WHEN current_setting('track_commit_timestamp') = 'on' THEN pg_xact_commit_timestamp(xmin) END, at)`,
)
const orders = `
  SELECT id, client_key AS "clientKey", customer, sku, quantity, amount_cents AS "amountCents", status, payment_state AS "paymentState", version,
         ${iso('created_at')} AS "createdAt", ${iso('updated_at')} AS "updatedAt"
  FROM orders ORDER BY created_at, id`
const orderEvents = `
  SELECT order_id AS "orderId", status, instance, ${iso('at')} AS at, ${committed} AS "committedAt"
  FROM order_events ORDER BY id`
const products = `
  SELECT sku, price_cents AS "priceCents", price_fence::float8 AS "priceFence", stock, initial_stock AS "initialStock"
  FROM products ORDER BY sku`
const priceEvents = `
  SELECT sku, price_cents AS "priceCents", edition::float8 AS edition, previous_cents AS "previousCents", instance,
         ${iso('at')} AS at, ${committed} AS "committedAt"
  FROM price_events ORDER BY id`
const stockEvents = `
  SELECT sku, stock, previous_stock AS "previousStock", ${iso('at')} AS at, ${committed} AS "committedAt"
  FROM stock_events ORDER BY id`
const ledger = `
  SELECT t.id::int AS id, t.order_id AS "orderId", t.kind, t.charge_id AS "chargeId", ${iso('t.at')} AS at,
         coalesce(json_agg(json_build_object('account', e.account, 'amountCents', e.amount_cents) ORDER BY e.id)
                  FILTER (WHERE e.id IS NOT NULL), '[]') AS entries
  FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.transaction_id = t.id
  GROUP BY t.id ORDER BY t.id`
const receivedEvents = `
  SELECT event_id AS id, order_id AS "orderId", sequence, instance, ${iso('recorded_at')} AS at
  FROM payment_events ORDER BY recorded_at, event_id`
const paymentStates = `
  SELECT order_id AS "orderId", state, instance, ${iso('at')} AS at FROM payment_state_events ORDER BY id`
const outbox = `
  SELECT id::int AS id, order_id AS "orderId", ${iso('published_at')} AS "publishedAt", payload FROM outbox ORDER BY id`

// A migration adds its column to the table, so it may not exist.
const migrations = `
  SELECT m.name, m.column, ${iso('m.started_at')} AS "startedAt", ${iso('m.finished_at')} AS "finishedAt",
         ${iso('m.failed_at')} AS "failedAt", m.error,
         (SELECT pg_get_expr(d.adbin, d.adrelid)
          FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
          WHERE d.adrelid = 'orders'::regclass AND a.attname = m.column) AS "default",
         coalesce((SELECT CASE bool_or(i.indisvalid AND i.indisready) WHEN true THEN 'valid' WHEN false THEN 'invalid' END
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indexrelid
          WHERE i.indrelid = 'orders'::regclass AND c.relname = 'orders_' || m.column AND i.indnatts = 1
            AND i.indpred IS NULL AND a.attname = m.column), 'none') AS index,
         (SELECT coalesce(json_object_agg(o.id, to_jsonb(o)->>m.column), '{}') FROM orders o) AS channels
  FROM (SELECT *, replace(substr(name, 8), '-', '_') AS column FROM migrations) m ORDER BY m.started_at`

/**
 * Reads all tables in one snapshot. Rows of different tables belong to the same moment, even while the shop writes.
 */
export async function readDatabase(pool: Pool): Promise<DatabaseTruth> {
  const client = await pool.connect()
  let failed: unknown
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const snapshot = {
      orders: (await client.query(orders)).rows as DatabaseTruth['orders'],
      orderEvents: (await client.query(orderEvents)).rows as DatabaseTruth['orderEvents'],
      products: (await client.query(products)).rows as DatabaseTruth['products'],
      priceEvents: (await client.query(priceEvents)).rows as DatabaseTruth['priceEvents'],
      stockEvents: (await client.query(stockEvents)).rows as DatabaseTruth['stockEvents'],
      ledger: (await client.query(ledger)).rows as DatabaseTruth['ledger'],
      outbox: (await client.query(outbox)).rows as DatabaseTruth['outbox'],
      receivedEvents: (await client.query(receivedEvents)).rows as DatabaseTruth['receivedEvents'],
      paymentStates: (await client.query(paymentStates)).rows as DatabaseTruth['paymentStates'],
    }
    const begun = (await client.query<MigrationTruth>(migrations)).rows
    await client.query('COMMIT')
    return begun.length === 0 ? snapshot : { ...snapshot, migrations: begun }
  } catch (error) {
    failed = error
    throw error
  } finally {
    client.release(failed !== undefined)
  }
}

/** With several orders of one key, the one that is not final yet. */
export async function readStatus(pool: Pool, clientKey: string): Promise<OrderStatus | undefined> {
  const { rows } = await pool.query<{ status: OrderStatus }>(
    `SELECT status FROM orders WHERE client_key = $1 ORDER BY status = ANY($2) DESC LIMIT 1`,
    [clientKey, unfinished],
  )
  return rows[0]?.status
}

export type DatabaseCounters = Pick<
  ShopCounters,
  'orders' | 'paid' | 'unfinished' | 'ledgerCharges' | 'outboxWaiting' | 'migrationsRunning'
> & {
  /** Events of payments that the shop has recorded. */
  readonly eventsRecorded: number
}

const unfinished: readonly OrderStatus[] = ['placed', 'charging']
const counters = `
  SELECT count(*)::int AS orders,
         (count(*) FILTER (WHERE status IN ('paid', 'refunded')))::int AS paid,
         (count(*) FILTER (WHERE status = ANY($1)))::int AS unfinished,
         (SELECT count(*)::int FROM ledger_transactions WHERE kind = 'charge') AS "ledgerCharges",
         (SELECT count(*)::int FROM outbox WHERE published_at IS NULL) AS "outboxWaiting",
         (SELECT count(*)::int FROM payment_events) AS "eventsRecorded",
         (SELECT count(*)::int FROM migrations WHERE finished_at IS NULL AND failed_at IS NULL) AS "migrationsRunning"
  FROM orders`

/** Counts in one statement, so in one snapshot. */
export async function countDatabase(pool: Pool): Promise<DatabaseCounters> {
  const { rows } = await pool.query<DatabaseCounters>(counters, [unfinished])
  const [row] = rows
  if (row === undefined) throw new Error('Postgres returned no row for the counters.')
  return row
}

/** A connection pool to Postgres itself, not to a link. Every wait has a timeout. */
export function createTruthPool(databaseUrl: string, timeoutMs: number): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'truth',
    max: 2,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + 500,
    keepAlive: true,
    // A reader that is never disposed must not keep its process alive.
    allowExitOnIdle: true,
  })
  // A scenario may kill Postgres. Then the next read fails, and a later one connects again.
  pool.on('error', () => {})
  return pool
}

/** ISO 8601 with milliseconds, in UTC. */
function iso(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
