import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: TCP itself checks whether the other side is alive, every second from the first idle
 * second on, and every reset has a listener. Fails `availability`: keepalive asks the other end of
 * the TCP connection, and that end is alive and responds. Where no end responds it takes eleven
 * seconds, and it does nothing while sent bytes are not acknowledged, as with every query into a
 * silent network.
 */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    keepAlive: true,
    // Node rounds down to whole seconds: with less than 1000, the first probe comes after two hours.
    keepAliveInitialDelayMillis: 1_000,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  pool.on('connect', (connection) => {
    connection.on('error', (error) => log.warn({ err: error }, 'database connection lost'))
  })
  return pool
}
