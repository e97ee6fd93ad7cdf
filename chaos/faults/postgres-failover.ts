import type { Client } from 'pg'

import type { FaultContext } from '#chaos/contracts/fault.ts'

import { defineFault } from './lib/define-fault.ts'
import { failoverRoutes, injectFailover, losesParameter } from './lib/failover.ts'
import type { Failover, FailoverServers } from './lib/failover.ts'
import { faultParameters } from './lib/parameters.ts'
import { withPostgres } from './lib/postgres.ts'

const pollMs = 10
const syncLimitMs = 20_000
const promoteLimitSeconds = 20

export const postgresFailover = defineFault({
  kind: 'postgres-failover',
  description:
    'A standby becomes the primary, without the last commits. New connections lead to it; old sessions stay on the old server, which refuses writes.',
  outside: 'A failover of Patroni or of a managed Postgres: replication is asynchronous.',
  target: 'store',
  example: { target: 'postgres', params: { loses: '1s' } },
  stores: ['postgres'],
  params: faultParameters({ loses: losesParameter('commits') }),
  inject: async (request, context) =>
    await injectFailover(request, context, {
      open: openFailover,
      lost: { one: 'commit is', many: 'commits are' },
    }),
})

function openFailover(
  context: FaultContext,
  { primary, replica: standby, by }: FailoverServers,
): Failover {
  const { runtime, clock, signal } = context
  const routes = failoverRoutes(context, primary, standby)
  let state: 'before' | 'cut' | 'fenced' | 'promoted' | 'switched back' = 'before'
  const urlOf = (store: string): string => runtime.addresses.storeUrl(store)
  const at = async <T>(store: string, work: (client: Client) => Promise<T>): Promise<T> =>
    await withPostgres(urlOf(store), work)
  const until = async (holds: () => Promise<boolean>, limit: AbortSignal): Promise<void> => {
    while (!(await holds())) await clock.sleep(pollMs, limit)
  }
  /** Waits until the follower has applied everything that the leader has written up to now. */
  const untilCaughtUp = async (leader: string, follower: string, limit: AbortSignal) => {
    const lsn = await at(leader, async (client) => await textOf(client, 'pg_current_wal_lsn()'))
    await at(follower, async (client) => {
      const applied = `pg_last_wal_replay_lsn() >= '${lsn}'::pg_lsn`
      await until(async () => (await textOf(client, applied)) === 'true', limit)
    })
  }

  return {
    routes,
    failOver: async (losesMs: number): Promise<number> => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(syncLimitMs)])
      await untilCaughtUp(primary, standby, limit)
      const oldest = await at(primary, oldestTransaction)
      state = 'cut'
      await at(standby, async (client) => {
        await client.query(`ALTER SYSTEM SET primary_conninfo = ''`)
        await client.query('SELECT pg_reload_conf()')
        await until(async () => !(await receives(client)), limit)
      })
      await clock.sleep(losesMs, signal)
      state = 'fenced'
      await refuseWrites(urlOf(primary), limit)
      state = 'promoted'
      await promote(urlOf(standby))
      const commits = await at(primary, async (client) => await commitsSince(client, oldest))
      const lost = await at(standby, async (client) => await countMissing(client, commits))
      await routes.moveTo(standby)
      return lost
    },
    switchBack: async (): Promise<void> => {
      const limit = AbortSignal.timeout(syncLimitMs)
      if (state === 'fenced') await at(primary, allowWrites)
      if (state === 'promoted') {
        // It may have crashed meanwhile.
        await runtime.start(standby, { by })
        await routes.profiles.copyStore(primary, standby, { by })
        await untilCaughtUp(standby, primary, limit)
        // Until here, the standby has served all traffic. Nothing is committed between these two lines and the move.
        await refuseWrites(urlOf(standby), limit)
        await untilCaughtUp(standby, primary, limit)
        await promote(urlOf(primary))
        state = 'switched back'
      }
      if (state === 'switched back') await routes.moveTo(primary)
    },
    followAgain: async (): Promise<void> => {
      // A failover that could not begin has cut it off too.
      if (state !== 'before') await routes.profiles.copyStore(standby, primary, { by })
    },
  }
}

/** Returns when the server accepts writes. */
async function promote(url: string): Promise<void> {
  await withPostgres(url, async (client) => {
    const promoted = await textOf(client, `pg_promote(true, ${promoteLimitSeconds})`)
    if (promoted !== 'true') throw new Error('The standby was not promoted.')
  })
}

async function textOf(client: Client, expression: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>(`SELECT (${expression})::text AS value`)
  return rows[0]?.value ?? ''
}

/** Whether the standby has a connection to its primary. */
async function receives(client: Client): Promise<boolean> {
  return (await client.query('SELECT FROM pg_stat_wal_receiver')).rowCount !== 0
}

const readOnly = 'default_transaction_read_only'

/**
 * From here on, the server commits no transaction of the services: their sessions become read-only. Sessions in a transaction end,
 * because it could still write. That includes a commit that waits for a standby: it is never acknowledged.
 */
async function refuseWrites(url: string, limit: AbortSignal): Promise<void> {
  await withPostgres(url, async (client) => {
    await client.query(`ALTER SYSTEM SET ${readOnly} = on`)
    await client.query('SELECT pg_reload_conf()')
    // Postgres tells its sessions before it lets new ones begin with the setting.
    while (!(await isReadOnly(url))) limit.throwIfAborted()
    // All at once, as a shutdown does. One after the other, the first could end its wait for a standby, and the next could read
    // what that one has committed.
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
         -- A connection that is still starting is read-only, and has no role with which it could be ended.
         AND usesysid IS NOT NULL
         AND application_name NOT LIKE 'chaos-%' AND application_name <> 'truth'`,
    )
    const pids = rows.map(({ pid }) => pid)
    await client.query(`SELECT pg_terminate_backend(pid, 2000) FROM unnest($1::integer[]) pid`, [
      pids,
    ])
  })
}

/** Whether a new session of a service is read-only. */
async function isReadOnly(url: string): Promise<boolean> {
  const asService = { options: '' }
  return await withPostgres(
    url,
    async (client) => (await textOf(client, `current_setting('${readOnly}')`)) === 'on',
    asService,
  )
}

async function allowWrites(client: Client): Promise<void> {
  await client.query(`ALTER SYSTEM RESET ${readOnly}`)
  await client.query('SELECT pg_reload_conf()')
}

/** The oldest transaction that may still commit. Every later commit has this number or a higher one. */
async function oldestTransaction(client: Client): Promise<string> {
  return await textOf(client, 'pg_snapshot_xmin(pg_current_snapshot())')
}

/** The numbers of the transactions that have written and committed, from this one on. */
async function commitsSince(client: Client, oldest: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ number: string }>(
    `SELECT x::text AS number
     FROM generate_series($1::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1) x
     WHERE pg_xact_status(x::text::xid8) = 'committed'`,
    [oldest],
  )
  return rows.map(({ number }) => number)
}

/** How many of these transactions have not committed here. Must run before this server commits transactions of its own. */
async function countMissing(client: Client, numbers: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ missing: number }>(
    `SELECT count(*)::integer AS missing FROM unnest($1::bigint[]) x
     WHERE CASE WHEN x >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN true
       ELSE pg_xact_status(x::text::xid8) IS DISTINCT FROM 'committed' END`,
    [numbers],
  )
  return rows[0]?.missing ?? 0
}
