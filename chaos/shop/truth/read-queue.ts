import { Redis } from 'ioredis'

import { orderQueueName } from '#services/lib/order-message.ts'

import type { QueueSnapshot, ShopCounters } from './truth.ts'

const prefix = `bull:${orderQueueName}:`

/**
 * The state of BullMQ's queue, read from its Redis keys, because a BullMQ client would write some of them. All lists are read
 * in one MULTI. A job that ends right afterwards still counts as unfinished.
 */
export async function readQueue(redis: Redis): Promise<QueueSnapshot> {
  const [waiting, paused, active, delayed, prioritized, failed, completed] = await readLists(redis)
  const unfinished = [...waiting, ...paused, ...active, ...delayed, ...prioritized]
  return {
    waiting: waiting.length + paused.length,
    active: active.length,
    delayed: delayed.length,
    prioritized: prioritized.length,
    failed,
    completed,
    unfinishedOrderIds: await orderIdsOf(redis, unfinished),
  }
}

type Lists = readonly [string[], string[], string[], string[], string[], number, number]

async function readLists(redis: Redis): Promise<Lists> {
  const replies = await redis
    .multi()
    .lrange(`${prefix}wait`, 0, -1)
    .lrange(`${prefix}paused`, 0, -1)
    .lrange(`${prefix}active`, 0, -1)
    .zrange(`${prefix}delayed`, '0', '-1')
    .zrange(`${prefix}prioritized`, '0', '-1')
    .zcard(`${prefix}failed`)
    .zcard(`${prefix}completed`)
    .exec()
  if (replies === null) throw new Error('Redis aborted the MULTI that reads the queue.')
  return replies.map(([error, value]) => {
    if (error !== null) throw error
    return value
  }) as unknown as Lists
}

/** The order id is in the job's data, so job ids are free. Without it: the job id. */
async function orderIdsOf(redis: Redis, jobIds: readonly string[]): Promise<readonly string[]> {
  if (jobIds.length === 0) return []
  const pipeline = redis.pipeline()
  for (const id of jobIds) pipeline.hget(`${prefix}${id}`, 'data')
  const replies = (await pipeline.exec()) ?? []
  return jobIds.map((id, i) => orderIdIn(replies[i]?.[1]) ?? id)
}

function orderIdIn(data: unknown): string | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const { orderId } = JSON.parse(data) as { orderId?: unknown }
    return typeof orderId === 'string' ? orderId : undefined
  } catch {
    return undefined
  }
}

export type QueueCounters = Pick<ShopCounters, 'queueWaiting' | 'queueActive' | 'queueDelayed'>

/** The lengths of the queue's lists, read in one MULTI. */
export async function countQueue(redis: Redis): Promise<QueueCounters> {
  const replies = await redis
    .multi()
    .llen(`${prefix}wait`)
    .llen(`${prefix}paused`)
    .zcard(`${prefix}prioritized`)
    .llen(`${prefix}active`)
    .zcard(`${prefix}delayed`)
    .exec()
  if (replies === null) throw new Error('Redis aborted the MULTI that counts the queue.')
  const [wait = 0, paused = 0, prioritized = 0, active = 0, delayed = 0] = replies.map(
    ([error, value]) => {
      if (error !== null) throw error
      return Number(value)
    },
  )
  return {
    queueWaiting: wait + paused + prioritized,
    queueActive: active,
    queueDelayed: delayed,
  }
}

/** A connection to Redis itself, not to a link. A command fails if Redis does not respond in time. */
export function createTruthRedis(redisUrl: string, timeoutMs: number): Redis {
  const redis = new Redis(redisUrl, {
    connectionName: 'truth',
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(200, 20 * attempt),
  })
  // A scenario may kill Redis. Then the next read fails, and the client connects again by itself.
  redis.on('error', () => {})
  return redis
}
