// RIGHT. One timer per connection instead of pg's `query_timeout`: it runs while at least one query is open, and
// starts anew when one ends. When it fires, the connection is ended; pg then rejects everything that waits on it
// and the pool replaces it. A query that waits behind another on the same connection keeps its full time.

import { Pool } from 'pg'
import type { PoolClient } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

function endWithoutProgress(client: PoolClient, limitMs: number): void {
  const query = client.query.bind(client) as unknown as (...args: unknown[]) => unknown
  let open = 0
  let timer: NodeJS.Timeout | undefined

  function restart(): void {
    clearTimeout(timer)
    timer = undefined
    if (open > 0) {
      timer = setTimeout(() => {
        // It has an open query, so pg destroys its socket and rejects the query.
        client.end().catch(() => undefined)
      }, limitMs)
    }
  }
  function begin(): void {
    open += 1
    if (open === 1) restart()
  }
  function finish(): void {
    open -= 1
    restart()
  }

  function watched(...args: unknown[]): unknown {
    const callback = args.at(-1)
    begin()
    try {
      if (typeof callback === 'function') {
        args[args.length - 1] = (error: unknown, result: unknown) => {
          finish()
          callback(error, result)
        }
        return query(...args)
      }
      const result = query(...args)
      if (result instanceof Promise) result.then(finish, finish)
      else finish()
      return result
    } catch (error) {
      finish()
      throw error
    }
  }
  client.query = watched as unknown as typeof client.query
  client.once('end', () => clearTimeout(timer))
}

export const databasePool: DatabasePool = (config) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: config.queryTimeoutMs,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    endWithoutProgress(client, config.queryTimeoutMs)
  })
  return pool
}
