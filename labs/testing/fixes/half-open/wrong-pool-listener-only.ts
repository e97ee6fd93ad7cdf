// WRONG. Breaks: "The end of a connection never ends the process."
// When: a connection is reset while it is in use after `pool.connect()`, for example while an order waits for a
// lock. The pool's listener covers idle connections only; the error event of the taken one has no listener,
// Node exits, and all requests of this instance fail with it.

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
    idle_in_transaction_session_timeout: config.queryTimeoutMs,
  })
  pool.on('connect', endWhenSilent)
  // The pool reports the end of its connections here. Without a listener the process would end.
  pool.on('error', () => undefined)
  return pool
}
