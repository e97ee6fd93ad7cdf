// WRONG. Breaks: "It never has more than `connectionsMax`."
// When: one query gets no reply while other connections are in use. The whole pool is exchanged for a new one;
// the connections that the old one has lent stay open beside the new ones, so the instance holds up to twice
// `connectionsMax` (more, if it happens again), and Postgres may refuse other instances.

import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

export const databasePool: DatabasePool = (config) => {
  function open(): Pool {
    const opened = new Pool({
      connectionString: config.url,
      application_name: config.applicationName,
      max: config.connectionsMax,
      connectionTimeoutMillis: config.acquireTimeoutMs,
      query_timeout: config.queryTimeoutMs,
      statement_timeout: config.statementTimeoutMs,
      idle_in_transaction_session_timeout: config.queryTimeoutMs,
    })
    opened.on('error', () => undefined)
    opened.on('connect', (client) => {
      client.on('error', () => undefined)
      const query = client.query.bind(client) as unknown as (...args: unknown[]) => unknown
      function watched(...args: unknown[]): unknown {
        const callback = args.at(-1)
        if (typeof callback === 'function') {
          args[args.length - 1] = (error: unknown, result: unknown) => {
            startAfresh(error, opened)
            callback(error, result)
          }
          return query(...args)
        }
        const result = query(...args)
        if (result instanceof Promise) result.catch((error: unknown) => startAfresh(error, opened))
        return result
      }
      client.query = watched as unknown as typeof client.query
    })
    return opened
  }

  let current = open()

  /** If one connection is silent, the others probably are too: open a new pool. */
  function startAfresh(error: unknown, failed: Pool): void {
    const silent = error instanceof Error && error.message === 'Query read timeout'
    if (!silent || failed !== current) return
    current = open()
    // Its idle connections close now, the others when they are returned.
    failed.end().catch(() => undefined)
  }

  return new Proxy(current, {
    get(_target, key) {
      const value: unknown = Reflect.get(current, key, current)
      return typeof value === 'function' ? value.bind(current) : value
    },
  })
}
