import { Redis } from 'ioredis'
import { Client } from 'pg'

import { kindOfStore } from '#chaos/contracts/topology.ts'
import type { Store } from '#chaos/contracts/topology.ts'

const limitMs = 5_000

/**
 * Makes the store accept writes again: after a failover, an earlier controller was killed before the switch back. What the replica
 * has committed since is lost. Returns whether there was something to restore.
 */
export async function restorePrimary(store: Store, url: string): Promise<boolean> {
  return kindOfStore(store) === 'postgres' ? await restorePostgres(url) : await restoreRedis(url)
}

async function restorePostgres(url: string): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: limitMs,
    query_timeout: 4 * limitMs,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ standby: boolean; setting: string }>(
      `SELECT pg_is_in_recovery() AS standby, reset_val AS setting
       FROM pg_settings WHERE name = 'default_transaction_read_only'`,
    )
    const { standby = false, setting = 'off' } = rows[0] ?? {}
    if (standby) await client.query('SELECT pg_promote(true, 10)')
    if (setting === 'off') return standby
    await client.query('ALTER SYSTEM RESET default_transaction_read_only')
    await client.query('SELECT pg_reload_conf()')
    return true
  } finally {
    await client.end()
  }
}

async function restoreRedis(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: limitMs,
    commandTimeout: limitMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    if (!(await redis.info('replication')).includes('role:slave')) return false
    await redis.call('REPLICAOF', 'NO', 'ONE')
    return true
  } finally {
    redis.disconnect()
  }
}
