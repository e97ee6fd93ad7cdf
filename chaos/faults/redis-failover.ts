import type { Redis } from 'ioredis'
import { Type } from 'typebox'

import type { FaultContext, FaultRequest } from '#chaos/contracts/fault.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { failoverRoutes } from './lib/failover.ts'
import { injectAll } from './lib/inject-all.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'
import { withRedis } from './lib/redis.ts'
import { holdReplica } from './lib/replica.ts'
import type { Replica } from './lib/replica.ts'

const losesDefault = '1s'
const pollMs = 20
const syncLimitMs = 20_000
/** How long the planned switch back may hold writes. */
const switchLimitMs = 5_000
/** No process listens there: a replica of it keeps its data and receives nothing. */
const nowhere = ['127.0.0.1', '1'] as const
const noPrimary = ['NO', 'ONE'] as const

export const redisFailover = defineFault({
  kind: 'redis-failover',
  description:
    'A replica becomes the primary, without the last acknowledged writes. New connections lead to it; on old ones, writes receive READONLY.',
  outside: 'A failover of Sentinel or of a managed Redis: replication is asynchronous.',
  target: 'store',
  example: { target: 'redis', params: { loses: '1s' } },
  stores: ['redis'],
  params: faultParameters({
    loses: Type.Optional(
      durationParameter(
        `The replica stops receiving writes for this long before it becomes the primary. ${losesDefault} when absent.`,
      ),
    ),
  }),
  inject: async (request, context) => {
    const [target = ''] = request.targets
    const losesMs = parseDuration(request.params.loses ?? losesDefault)
    let replica: Replica | undefined
    let failover: ReturnType<typeof createFailover> | undefined
    let lost = 0
    return await injectAll({
      mechanism: 'a replica is promoted',
      targets: request.targets,
      signal: context.signal,
      apply: async () => {
        replica = await holdReplica(context, request, target, false)
        failover = createFailover(context, {
          primary: target,
          replica: replica.store.name,
          by: request.by,
        })
        lost = await failover.failOver(losesMs)
      },
      heal: async () => {
        await failover?.switchBack()
        await replica?.release()
      },
      remainsOn: (links) => failover?.routes.remainsOn(links) ?? true,
      describe: () => ({
        mechanism: `${replica?.store.name} is the primary; ${lost} acknowledged ${lost === 1 ? 'change is' : 'changes are'} lost`,
        // Without a loss it is still a failover: every link leads to another server.
        ...(lost > 0 ? { hit: lost } : {}),
      }),
    })
  },
})

function createFailover(
  context: FaultContext,
  {
    primary,
    replica,
    by,
  }: {
    readonly primary: string
    readonly replica: string
    readonly by: FaultRequest<unknown>['by']
  },
) {
  const { runtime, clock, signal } = context
  let state: 'before' | 'promoted' | 'switched back' = 'before'
  const routes = failoverRoutes(context, primary, replica)
  const at = async <T>(store: string, work: (redis: Redis) => Promise<T>): Promise<T> =>
    await withRedis(runtime.addresses.storeUrl(store), work)
  const replicate = async (store: string, of: readonly [string, string]): Promise<void> =>
    await at(store, async (redis) => void (await redis.call('REPLICAOF', ...of)))
  const addressOf = (store: string): readonly [string, string] => {
    const address = routes.profiles.addressOf(store)
    const colon = address.lastIndexOf(':')
    return [address.slice(0, colon), address.slice(colon + 1)]
  }
  /** Waits until the replica has received everything up to now. */
  const untilInSync = async (store: string, until: AbortSignal): Promise<void> => {
    while (
      (await at(store, (redis) => infoOf(redis, 'replication')))['master_link_status'] !== 'up'
    )
      await clock.sleep(pollMs, until)
  }

  return {
    routes,
    /** Returns how many changes of the primary the replica does not have. */
    failOver: async (losesMs: number): Promise<number> => {
      requireFailover(await at(replica, (redis) => infoOf(redis, 'server')))
      await untilInSync(replica, AbortSignal.any([signal, AbortSignal.timeout(syncLimitMs)]))
      await replicate(replica, nowhere)
      const before = await at(primary, changesOf)
      await clock.sleep(losesMs, signal)
      state = 'promoted'
      await replicate(replica, noPrimary)
      await routes.moveTo(replica)
      const after = await at(primary, changesOf)
      // From here on, old connections receive READONLY. Their server gets the data of the new primary.
      await replicate(primary, addressOf(replica))
      return after - before
    },
    /** Makes the store the primary again, with everything that the replica has received as the primary. */
    switchBack: async (): Promise<void> => {
      // Without a promotion the primary has all data.
      if (state === 'before') return
      const limit = AbortSignal.timeout(syncLimitMs)
      if (state === 'promoted') {
        // One of them may have crashed meanwhile. The replica then starts as a replica, but it has the latest data.
        await runtime.start(replica, { by })
        await replicate(replica, noPrimary)
        await runtime.start(primary, { by })
        await replicate(primary, addressOf(replica))
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

async function roleOf(redis: Redis): Promise<string | undefined> {
  return (await infoOf(redis, 'replication'))['role']
}

/** The number of changes of keys since Redis last saved its data. The sandbox's Redis never saves. */
async function changesOf(redis: Redis): Promise<number> {
  return Number((await infoOf(redis, 'persistence'))['rdb_changes_since_last_save'])
}
