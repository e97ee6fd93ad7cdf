// RIGHT. pg's own limits for every wait (query, connection, statement, idle in transaction), listeners on the pool
// and on every connection, and the missing piece: a query without a reply ends its connection, so that the pool
// does not lend it again even if it was taken with `connect()` and returned with a plain `release()`.

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
    // Postgres, too, must give up a session whose client is silent: it holds locks.
    idle_in_transaction_session_timeout: config.queryTimeoutMs,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    endWhenSilent(client)
  })
  return pool
}
