import { setTimeout as sleep } from 'node:timers/promises'

import { Client } from 'pg'

import type { DatabaseConfig } from '#services/lib/config/database-config.ts'
import { isLostConnection } from '#services/lib/database-refusal.ts'
import type { Database } from '#services/lib/database.ts'
import type { Log } from '#services/lib/start/log.ts'
import type { Periodic } from '#services/lib/start/periodically.ts'

import type { Migrate } from '../seams.ts'
import { readMigration } from './orders-channel.ts'
import type { OrdersChannel } from './orders-channel.ts'

const retryAfterMs = 500

export interface MigrationShop {
  readonly database: Database
  readonly connection: DatabaseConfig
  readonly migrate: Migrate
  readonly log: Log
}

/**
 * Runs migrations while the shop is open: those that this worker has begun before, then the wanted
 * one. Stores the beginning and the end of each. A lost connection starts a migration again. After
 * any other error it has failed: only a start with this migration tries it again.
 */
export function runMigrations(wanted: OrdersChannel | undefined, shop: MigrationShop): Periodic {
  const { database, log } = shop
  const stopping = new AbortController()
  const { signal } = stopping
  const clients = new Set<Client>()

  async function attempt({ name, column, index }: OrdersChannel): Promise<void> {
    if (!(await begin(database, name))) return
    await shop.migrate({
      column,
      index,
      log,
      connect: async () => {
        signal.throwIfAborted()
        const client = await connect(shop)
        clients.add(client)
        return client
      },
      sleep: async (milliseconds) => await sleep(milliseconds, undefined, { signal }),
    })
    await database.query('UPDATE migrations SET finished_at = clock_timestamp() WHERE name = $1', [
      name,
    ])
    log.info({ migration: name }, 'migration finished')
  }

  async function endConnections(): Promise<void> {
    await Promise.allSettled([...clients].map(async (client) => await client.end()))
    clients.clear()
  }

  /** Repeats the work after a lost connection. */
  async function untilConnected<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    while (!signal.aborted) {
      try {
        return await work()
      } catch (error) {
        if (signal.aborted) return undefined
        if (!isLostConnection(error)) throw error
        log.warn({ err: error, migration: what }, 'migration starts again')
      } finally {
        await endConnections()
      }
      await sleep(retryAfterMs, undefined, { signal }).catch(() => {})
    }
    return undefined
  }

  async function run(migration: OrdersChannel): Promise<void> {
    const { name } = migration
    try {
      await untilConnected(name, async () => await attempt(migration))
    } catch (error) {
      log.error({ err: error, migration: name }, 'migration failed')
      await untilConnected(name, async () => await storeFailure(database, name, error))
    }
  }

  async function runAll(): Promise<void> {
    const begun = (await untilConnected('begun', async () => await findBegun(database))) ?? []
    const names = new Set([...begun, ...(wanted === undefined ? [] : [wanted.name])])
    for (const name of names) {
      const migration = readMigration(name)
      if (migration !== undefined) await run(migration)
    }
  }

  const done = runAll().catch((error: unknown) => log.error({ err: error }, 'no migrations'))
  return {
    async stop() {
      stopping.abort()
      // Also ends a statement that is waiting for a lock.
      await endConnections()
      await done
    },
  }
}

/** What this worker has begun and not ended. */
async function findBegun(database: Database): Promise<readonly string[]> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT name FROM migrations
     WHERE instance = current_setting('application_name') AND finished_at IS NULL AND failed_at IS NULL
     ORDER BY started_at`,
  )
  return rows.map(({ name }) => name)
}

async function storeFailure(database: Database, name: string, error: unknown): Promise<void> {
  await database.query(
    'UPDATE migrations SET failed_at = clock_timestamp(), error = $2 WHERE name = $1',
    [name, error instanceof Error ? error.message : String(error)],
  )
}

/** False if the migration has already finished. */
async function begin(database: Database, name: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `INSERT INTO migrations (name) VALUES ($1)
     ON CONFLICT (name) DO UPDATE
       SET failed_at = NULL, error = NULL
       WHERE migrations.finished_at IS NULL`,
    [name],
  )
  return rowCount === 1
}

/** The timeouts of the pool are for customers: a migration takes longer, and sets its own. */
async function connect({ connection, log }: MigrationShop): Promise<Client> {
  const client = new Client({
    connectionString: connection.url,
    application_name: `${connection.applicationName}-migration`,
    connectionTimeoutMillis: connection.acquireTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    // Off by default: after the death of the worker, its statement would stay in the lock queue.
    options: '-c client_connection_check_interval=500',
  })
  client.on('error', (error) => log.warn({ err: error }, 'connection of the migration lost'))
  await client.connect()
  return client
}
