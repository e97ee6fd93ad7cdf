import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: nobody waits longer than a second for a connection any more. Must fail availability: everybody gets an error
 * now, and soon. But whoever has a silent connection in his hand waits for ever, and never gives it back.
 */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    keepAlive: true,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  return pool
}
