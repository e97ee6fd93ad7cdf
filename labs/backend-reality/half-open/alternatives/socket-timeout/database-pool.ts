import { Socket } from 'node:net'

import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Right, by another design: the socket has a timeout, and the queries have none. A connection
 * without any traffic for `queryTimeoutMs` is closed, in use or idle: its query fails, and the pool
 * opens a new connection. The price: some new connections after each idle period, and no statement
 * may take longer than this timeout.
 */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
    stream: () => {
      const socket = new Socket()
      socket.setTimeout(config.queryTimeoutMs, () => {
        socket.destroy(new Error('Connection terminated: no traffic for too long.'))
      })
      return socket
    },
  })
  pool.on('error', (error) => log.debug({ err: error }, 'idle database connection lost'))
  pool.on('connect', (connection) => {
    connection.on('error', (error) => log.warn({ err: error }, 'database connection lost'))
  })
  return pool
}
