import { Socket } from 'node:net'

import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Right, by another design: nothing watches the queries, the socket watches itself. A connection on which nothing has come or
 * gone for so long is closed, in use or not: whoever waits gets an error, and the pool makes a new one. It costs a few new
 * connections after each quiet moment, and no statement may take longer than that.
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
        socket.destroy(new Error('Connection terminated: nothing came or went on it for too long.'))
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
