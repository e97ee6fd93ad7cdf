// WRONG. Breaks: "Each silent connection may cost one customer an error ... No other customer may notice".
// When: a connection goes silent in the middle of an order, after it has locked the product's row. The API gives it
// up in time, but Postgres does not learn of it: without a limit for sessions that are idle in a transaction,
// the session keeps the row locked, and all further orders of this product fail.

import { Pool } from 'pg'
import type { PoolClient } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Ends the connection when a query on it got no reply. The pool does not lend an ended connection
 * again, however its user returns it.
 */
function endWhenSilent(client: PoolClient): void {
  const query = client.query.bind(client) as unknown as (...args: unknown[]) => unknown
  function look(error: unknown): void {
    if (error instanceof Error && error.message === 'Query read timeout') {
      client.end().catch(() => undefined)
    }
  }
  function watched(...args: unknown[]): unknown {
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: unknown, result: unknown) => {
        look(error)
        callback(error, result)
      }
      return query(...args)
    }
    const result = query(...args)
    if (result instanceof Promise) result.catch(look)
    return result
  }
  client.query = watched as unknown as typeof client.query
}

export const databasePool: DatabasePool = (config) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    query_timeout: config.queryTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    endWhenSilent(client)
  })
  return pool
}
