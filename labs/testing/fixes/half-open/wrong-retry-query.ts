// WRONG. Breaks: the general promise that a write happens once (and a reply that is lost is not "not done").
// When: Postgres executed an INSERT or UPDATE of `pool.query`, but its reply did not arrive. The statement is sent
// again on another connection and executed twice: a stock that falls by two, a second row. Reads only (the
// README's story) look better than ever, nobody gets an error.

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
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    endWhenSilent(client)
  })

  // A customer should not notice a silent connection: send the query on another one.
  const query = pool.query.bind(pool) as unknown as (...args: unknown[]) => Promise<unknown>
  async function queryTwice(...args: unknown[]): Promise<unknown> {
    try {
      return await query(...args)
    } catch (error) {
      const lost =
        error instanceof Error &&
        /Query read timeout|Connection terminated|ECONNRESET/u.test(error.message)
      if (!lost) throw error
      return await query(...args)
    }
  }
  pool.query = queryTwice as unknown as typeof pool.query
  return pool
}
