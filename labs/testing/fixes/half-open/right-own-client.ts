// Right: the pool creates a Client of our own class that has an error listener from its first moment, also while
// an order uses it. The client's limits are pg's (query_timeout above statement_timeout, connectionTimeoutMillis for
// waiting and for the handshake); Postgres's limits are sent as start options. Nothing is sent twice.
import { Client, Pool } from 'pg'
import type { ClientConfig } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

export const databasePool: DatabasePool = (config, log) => {
  class ListeningClient extends Client {
    constructor(settings?: string | ClientConfig) {
      super(settings)
      // The statement that waits gets its own error, and the pool discards the connection.
      this.on('error', (error) => log.debug({ err: error }, 'database connection ended'))
    }
  }
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    Client: ListeningClient,
    keepAlive: true,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    query_timeout: config.queryTimeoutMs,
    options: [
      `-c statement_timeout=${config.statementTimeoutMs}`,
      `-c lock_timeout=${config.lockTimeoutMs}`,
      `-c idle_in_transaction_session_timeout=${config.idleInTransactionTimeoutMs}`,
    ].join(' '),
  })
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection ended'))
  return pool
}
