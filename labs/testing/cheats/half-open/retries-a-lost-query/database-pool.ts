import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

const isLost = (error: unknown): boolean =>
  error instanceof Error &&
  /Query read timeout|Connection terminated|ECONNRESET/.test(error.message)

/**
 * Sends a query without a reply again, on another connection. Customers who read notice nothing.
 * Breaks "a statement is sent once": Postgres executes an INSERT twice when its reply was lost.
 */
export const databasePool: DatabasePool = (config) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    query_timeout: config.queryTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const query = pool.query.bind(pool) as unknown as (...given: unknown[]) => Promise<unknown>
  const queryTwice = async (...given: unknown[]): Promise<unknown> => {
    try {
      return await query(...given)
    } catch (error) {
      if (!isLost(error)) throw error
      return await query(...given)
    }
  }
  pool.query = queryTwice as unknown as typeof pool.query
  return pool
}
