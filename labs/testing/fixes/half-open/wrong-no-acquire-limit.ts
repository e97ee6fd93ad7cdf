// WRONG. Breaks: "Every request for a connection ends, too."
// When: new connections are silent as well (the server is frozen, or the partition lasts), or all connections
// are in use. Queries have a limit, but opening a connection and waiting for one have none: such a request
// hangs, and a connection that never finishes opening keeps its place in the pool for good.

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
    // Every query has a limit, so every connection is returned and nobody waits for one for ever.
    query_timeout: config.queryTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: config.queryTimeoutMs,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    endWhenSilent(client)
  })
  return pool
}
