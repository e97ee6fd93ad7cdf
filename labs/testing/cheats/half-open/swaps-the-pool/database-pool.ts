import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Opens a new pool when a query gets no reply. Breaks "never more than `connectionsMax`": what the
 * old pool has lent stays open next to the connections of the new one.
 */
export const databasePool: DatabasePool = (config) => {
  const open = (): Pool => {
    const opened = new Pool({
      connectionString: config.url,
      application_name: config.applicationName,
      max: config.connectionsMax,
      connectionTimeoutMillis: config.acquireTimeoutMs,
      query_timeout: config.queryTimeoutMs,
      statement_timeout: config.statementTimeoutMs,
      idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
    })
    opened.on('error', () => undefined)
    opened.on('connect', (client) => {
      client.on('error', () => undefined)
    })
    opened.on('release', (error) => {
      if (isSilent(error)) startAfresh(opened)
    })
    return opened
  }
  let current = open()
  const startAfresh = (failed: Pool): void => {
    if (failed !== current) return
    current = open()
    // Its idle connections close now, the others when they are returned.
    failed.end().catch(() => undefined)
  }
  return new Proxy(current, {
    get: (_target, key) => {
      const value: unknown = Reflect.get(current, key, current)
      return typeof value === 'function' ? (value.bind(current) as unknown) : value
    },
  })
}

function isSilent(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}
