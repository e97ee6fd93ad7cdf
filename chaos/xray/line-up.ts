import type { Redis } from 'ioredis'

import { withRedis } from '#chaos/faults/lib/redis.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { Recorder } from './recorder.ts'

/** How many connections to Redis each client has, by the name that it gives. */
export type Connected = ReadonlyMap<string, number>

export interface Queue {
  readonly redisUrl: string
  readonly recorder: Recorder
  readonly clock: Clock
  readonly signal: AbortSignal
}

const connectedWithinMs = 3_000
const pollMs = 5
/** How long a worker may take to wait for a job again. */
const waitsAgainWithinMs = 250
const roundsMax = 4
/** Connections of whoever looks, and not of the shop. */
const lookers = new Set(['', 'truth', 'chaos-fault'])

/** Who is connected now: what an order may count on, when everything is at rest. */
export async function connectedTo(redisUrl: string): Promise<Connected> {
  return await withRedis(redisUrl, async (redis) => countByName(await clientsOf(redis)))
}

/**
 * Makes every order begin in the same state: whoever lost a connection to Redis has it again, and of the workers that wait
 * for a job, worker-1 is the first in line. Redis serves who has waited longest, which would be one or the other by chance.
 * What does not come about within some seconds is left as it is.
 */
export async function lineUp(queue: Queue, connected: Connected): Promise<void> {
  const { clock, signal } = queue
  const untilMs = clock.now() + connectedWithinMs
  for (;;) {
    const done = await withRedis(queue.redisUrl, async (redis) => {
      const now = countByName(await clientsOf(redis))
      if (![...connected].every(([name, count]) => (now.get(name) ?? 0) >= count)) return false
      await orderWaiting(redis, queue)
      return true
    }).catch(() => false)
    if (done || clock.now() >= untilMs) return
    await clock.sleep(10 * pollMs, signal)
  }
}

interface Client {
  readonly id: string
  readonly name: string
  /** It waits for a job. */
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

function countByName(clients: readonly Client[]): Connected {
  const counts = new Map<string, number>()
  for (const { name } of clients)
    if (!lookers.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Sends whoever waits to the end of the line, one after the other, until worker-2 is the last. */
async function orderWaiting(redis: Redis, queue: Queue): Promise<void> {
  let ids = (await clientsOf(redis)).filter(({ waits }) => waits).map(({ id }) => id)
  for (let round = 0; round < roundsMax; round++) {
    let last: string | undefined
    for (const id of ids) last = await sendToTheEnd(redis, id, queue)
    if (last === 'worker-2') return
    ids = ids.toReversed()
  }
}

/** Resolves with the worker that waits again, or undefined when none does in time. */
async function sendToTheEnd(
  redis: Redis,
  id: string,
  { recorder, clock, signal }: Queue,
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
