import type { Redis } from 'ioredis'

import type { FaultContext } from '#chaos/contracts/fault.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { failoverRoutes, injectFailover, losesParameter } from './lib/failover.ts'
import type { Failover, FailoverServers } from './lib/failover.ts'
import { faultParameters } from './lib/parameters.ts'
import { noPrimary, nowhere, replicate, withRedis } from './lib/redis.ts'

const pollMs = 20
const syncLimitMs = 20_000
/** How long the planned switch back may hold writes. */
const switchLimitMs = 5_000

export const redisFailover = defineFault({
  kind: 'redis-failover',
  description:
    'A replica becomes the primary, without the last acknowledged writes. New connections lead to it; on old ones, writes receive READONLY.',
  outside: 'A failover of Sentinel or of a managed Redis: replication is asynchronous.',
  target: 'store',
  example: { target: 'redis', params: { loses: '1s' } },
  stores: ['redis'],
  params: faultParameters({ loses: losesParameter('writes') }),
  inject: async (request, context) =>
    await injectFailover(request, context, {
      open: openFailover,
      lost: { one: 'acknowledged change is', many: 'acknowledged changes are' },
    }),
})

function openFailover(context: FaultContext, { primary, replica, by }: FailoverServers): Failover {
  const { runtime, clock, signal } = context
  let state: 'before' | 'promoted' | 'switched back' = 'before'
  const routes = failoverRoutes(context, primary, replica)
  const urlOf = (store: string): string => runtime.addresses.storeUrl(store)
  const at = async <T>(store: string, work: (redis: Redis) => Promise<T>): Promise<T> =>
    await withRedis(urlOf(store), work)
  const addressOf = (store: string): readonly [string, string] => {
    const address = routes.profiles.addressOf(store)
    const colon = address.lastIndexOf(':')
    return [address.slice(0, colon), address.slice(colon + 1)]
  }
  /** Waits until the replica has received everything up to now, and would have it after a crash. */
  const untilInSync = async (store: string, until: AbortSignal): Promise<void> => {
    while (!(await at(store, isInSync))) await clock.sleep(pollMs, until)
  }

  return {
    routes,
    failOver: async (losesMs: number): Promise<number> => {
      requireFailover(await at(replica, (redis) => infoOf(redis, 'server')))
      await untilInSync(replica, AbortSignal.any([signal, AbortSignal.timeout(syncLimitMs)]))
      await replicate(urlOf(replica), nowhere)
      const before = await at(primary, changesOf)
      await clock.sleep(losesMs, signal)
      state = 'promoted'
      await replicate(urlOf(replica), noPrimary)
      await routes.moveTo(replica)
      const after = await at(primary, changesOf)
      // From here on, old connections receive READONLY. Their server gets the data of the new primary.
      await replicate(urlOf(primary), addressOf(replica))
      return after - before
    },
    switchBack: async (): Promise<void> => {
      // Without a promotion the primary has all data.
      if (state === 'before') return
      const limit = AbortSignal.timeout(syncLimitMs)
      if (state === 'promoted') {
        // One of them may have crashed meanwhile. The replica then starts as a replica, but it has the latest data.
        await runtime.start(replica, { by })
        await replicate(urlOf(replica), noPrimary)
        await runtime.start(primary, { by })
        await replicate(urlOf(primary), addressOf(replica))
        await untilInSync(primary, limit)
        // Redis holds writes until the other one has them all, then both change their roles.
        await at(replica, async (redis) => await redis.call('FAILOVER', 'TIMEOUT', switchLimitMs))
        while ((await at(replica, roleOf)) === 'master') await clock.sleep(pollMs, limit)
        state = 'switched back'
      }
      await routes.moveTo(primary)
    },
  }
}

/** Throws {@link InputError} for a Redis that cannot switch back without a loss. */
function requireFailover({ redis_version: version = '' }: Info): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 6 || (major === 6 && minor >= 2)) return
  throw new InputError(`redis-failover needs Redis 6.2 or newer, not ${version}.`, {
    remedy: 'Install a newer Redis, or use Docker.',
    status: 501,
  })
}

type Info = Readonly<Record<string, string | undefined>>

async function infoOf(redis: Redis, section: string): Promise<Info> {
  const lines = (await redis.info(section)).split('\r\n')
  return Object.fromEntries(lines.map((line) => line.split(':', 2) as [string, string]))
}

/**
 * Whether a replica is connected and has its data on disk. After a full resynchronization Redis writes a new append-only
 * file in the background. Until that file is complete, a crash loses everything.
 */
async function isInSync(redis: Redis): Promise<boolean> {
  if ((await infoOf(redis, 'replication'))['master_link_status'] !== 'up') return false
  const persistence = await infoOf(redis, 'persistence')
  return ['aof_rewrite_in_progress', 'aof_rewrite_scheduled'].every(
    (field) => persistence[field] === '0',
  )
}

async function roleOf(redis: Redis): Promise<string | undefined> {
  return (await infoOf(redis, 'replication'))['role']
}

/** The number of changes of keys since Redis last saved its data. The sandbox's Redis never saves. */
async function changesOf(redis: Redis): Promise<number> {
  return Number((await infoOf(redis, 'persistence'))['rdb_changes_since_last_save'])
}
