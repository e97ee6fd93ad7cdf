import { setTimeout as sleep } from 'node:timers/promises'

import { Client } from 'pg'

import type { DatabaseConfig } from '#services/lib/config/database-config.ts'
import { isLostConnection } from '#services/lib/database-refusal.ts'
import type { Database } from '#services/lib/database.ts'
import type { Log } from '#services/lib/start/log.ts'
import type { Periodic } from '#services/lib/start/periodically.ts'

import type { Migrate } from '../seams.ts'
import type { OrdersChannel } from './orders-channel.ts'

const retryAfterMs = 500

export interface MigrationShop {
  readonly database: Database
  readonly connection: DatabaseConfig
  readonly migrate: Migrate
  readonly log: Log
}

/**
 * Runs a migration while the shop is open, and stores its beginning and its end. A lost connection
 * starts it again. After any other error it has failed: the next start of the worker tries it again.
 */
export function runMigration(migration: OrdersChannel, shop: MigrationShop): Periodic {
  const { name, column, index } = migration
  const { database, log } = shop
  const stopping = new AbortController()
  const { signal } = stopping
  const clients = new Set<Client>()

  async function attempt(): Promise<void> {
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

  async function runUntilDone(): Promise<void> {
    while (!signal.aborted) {
      try {
        return await attempt()
      } catch (error) {
        if (signal.aborted) return
        if (!isLostConnection(error)) return await fail(error)
        log.warn({ err: error, migration: name }, 'migration starts again')
      } finally {
        await endConnections()
      }
      await sleep(retryAfterMs, undefined, { signal }).catch(() => {})
    }
  }

  async function fail(error: unknown): Promise<void> {
    log.error({ err: error, migration: name }, 'migration failed')
    await database.query(
      'UPDATE migrations SET failed_at = clock_timestamp(), error = $2 WHERE name = $1',
      [name, error instanceof Error ? error.message : String(error)],
    )
  }

  const done = runUntilDone().catch((error: unknown) => {
    log.error({ err: error, migration: name }, 'the result of the migration is not stored')
  })
  return {
    async stop() {
      stopping.abort()
      // Also ends a statement that is waiting for a lock.
      await endConnections()
      await done
    },
  }
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
