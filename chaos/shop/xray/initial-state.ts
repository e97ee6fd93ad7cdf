import type { Redis } from 'ioredis'

import type { InitialState, InitialStateParts } from '#chaos/contracts/system/flow.ts'
import { withRedis } from '#chaos/faults/lib/redis.ts'

/** Number of connections to Redis by client name. */
type ConnectionCounts = ReadonlyMap<string, number>

const connectedWithinMs = 3_000
const pollMs = 5
/** Time in which an unblocked worker must wait for a job again. */
const waitsAgainWithinMs = 250
const roundsMax = 4
/** Connections that do not belong to the shop. */
const otherClients = new Set(['', 'truth', 'chaos-fault'])

/**
 * The state in which every flow begins: lost connections to Redis are back, no product is in the cache, and worker-1 waits for
 * a job before worker-2. Redis serves the worker that has waited longest; without this, chance would decide which one.
 */
export async function initialState(parts: InitialStateParts): Promise<InitialState> {
  const { redisUrl } = parts.addresses
  const connected = await withRedis(redisUrl, async (redis) => countByName(await clientsOf(redis)))
  return { restore: () => restore(parts, connected) }
}

/** A condition that is not met within some seconds is left as it is. */
async function restore(parts: InitialStateParts, connected: ConnectionCounts): Promise<void> {
  const { addresses, clock, signal } = parts
  const untilMs = clock.now() + connectedWithinMs
  for (;;) {
    const done = await withRedis(addresses.redisUrl, async (redis) => {
      const now = countByName(await clientsOf(redis))
      if (![...connected].every(([name, count]) => (now.get(name) ?? 0) >= count)) return false
      await redis.del(...(await redis.keys('product:*')), 'product:none')
      await sortWaiting(redis, parts)
      return true
    }).catch(() => false)
    if (done || clock.now() >= untilMs) return
    await clock.sleep(10 * pollMs, signal)
  }
}

interface Client {
  readonly id: string
  readonly name: string
  /** The client is blocked until a job arrives. */
  readonly waits: boolean
}

async function clientsOf(redis: Redis): Promise<readonly Client[]> {
  const text = String(await redis.client('LIST'))
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const field = (name: string): string =>
        new RegExp(`(?:^| )${name}=([^ ]*)`).exec(line)?.[1] ?? ''
      return { id: field('id'), name: field('name'), waits: field('cmd') === 'bzpopmin' }
    })
}

function countByName(clients: readonly Client[]): ConnectionCounts {
  const counts = new Map<string, number>()
  for (const { name } of clients)
    if (!otherClients.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Moves blocked workers to the end of the queue, one after the other, until worker-2 is last. */
async function sortWaiting(redis: Redis, parts: InitialStateParts): Promise<void> {
  let ids = (await clientsOf(redis)).filter(({ waits }) => waits).map(({ id }) => id)
  for (let round = 0; round < roundsMax; round++) {
    let last: string | undefined
    for (const id of ids) last = await moveToEnd(redis, id, parts)
    if (last === 'worker-2') return
    ids = ids.toReversed()
  }
}

/** Resolves with the worker that waits again, or undefined when none does in time. */
async function moveToEnd(
  redis: Redis,
  id: string,
  { recorder, clock, signal }: InitialStateParts,
): Promise<string | undefined> {
  const seen = recorder.exchanges.length
  await redis.client('UNBLOCK', id)
  const untilMs = clock.now() + waitsAgainWithinMs
  while (clock.now() < untilMs) {
    await clock.sleep(pollMs, signal)
    const again = recorder.exchanges
      .slice(seen)
      .findLast(({ event }) => event.part === 'request' && event.signature.startsWith('BZPOPMIN'))
    if (again !== undefined) return again.event.link.split(':')[0]
  }
  return undefined
}
