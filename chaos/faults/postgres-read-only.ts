import type { Client } from 'pg'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import {
  connectPostgres,
  endConnection,
  endConnections,
  endConnectionsSql,
  pidOf,
  quoted,
  withPostgres,
} from './lib/postgres.ts'

export const postgresReadOnly = defineFault({
  kind: 'postgres-read-only',
  description:
    'The database refuses writes, as after a failover to a standby: open connections end, new ones can only read.',
  outside: 'A replica used as the primary, a primary that protects itself.',
  target: 'store',
  example: { target: 'postgres', params: {} },
  stores: ['postgres'],
  params: faultParameters({}),
  inject: (request, context) => {
    const url = context.runtime.addresses.databaseUrl
    let lease: Lease | undefined
    return injectAll({
      mechanism: 'default_transaction_read_only, and every connection ends',
      targets: request.targets,
      signal: context.signal,
      apply: async () => {
        lease = await leaveLease(url, request.leaseMs)
        await withPostgres(url, async (client) => {
          await client.query(
            `${await alterDatabase(client)} SET default_transaction_read_only = on`,
          )
          await endConnections(client)
        })
      },
      heal: async () => {
        await withPostgres(url, async (client) => {
          await client.query(`${await alterDatabase(client)} RESET default_transaction_read_only`)
          await endConnections(client)
          await lease?.end(client)
        })
      },
    })
  },
})

interface Lease {
  end(client: Client): Promise<void>
}

/** A connection that sleeps in Postgres and then resets the setting, even if this process has died. */
async function leaveLease(url: string, leaseMs: number): Promise<Lease> {
  const sleeper = await connectPostgres(url)
  const pid = await pidOf(sleeper)
  const reset = `${await alterDatabase(sleeper)} RESET default_transaction_read_only`
  void sleepThenReset(
    sleeper,
    `SELECT pg_sleep(${leaseMs / 1_000}); ${reset}; COMMIT; ${endConnectionsSql}`,
  )
  return {
    end: async (client) => {
      await endConnection(client, pid)
    },
  }
}

async function sleepThenReset(sleeper: Client, sql: string): Promise<void> {
  try {
    await sleeper.query(sql)
  } catch {
    // The heal ended this connection, or Postgres is down: both are fine.
  } finally {
    await sleeper.end().catch(() => {})
  }
}

async function alterDatabase(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
  return `ALTER DATABASE ${quoted(rows[0]?.name ?? '')}`
}
