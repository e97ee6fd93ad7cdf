import { Queue } from 'bullmq'

import type { RedisConfig } from './config/redis-config.ts'
import type { JobLimits } from './job-limits.ts'
import { orderJobName, orderQueueName } from './order-message.ts'
import type { ReceivedMessage } from './order-message.ts'
import { createRedis } from './redis.ts'
import type { Log } from './start/log.ts'
import { messageSpan } from './telemetry/message-span.ts'
import { noTelemetry } from './telemetry/telemetry.ts'
import type { Telemetry, Traceparent } from './telemetry/telemetry.ts'
import { takeTraceparent, withTraceparent } from './telemetry/traceparent.ts'

/** Clocks that are set by NTP differ by less. */
const marginMs = 1_000
/** BullMQ's score of a delayed job: its time in milliseconds times this. */
const scorePerMs = 4_096
/** By the clock of Redis: all workers see the same one. */
const findTooLate = `local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local from = string.format('%.0f', (nowMs + ARGV[1]) * ARGV[2])
return redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf', 'LIMIT', 0, 100)`

/** About a message that may have been enqueued before. */
export interface EnqueuedAgain {
  /** The span that wrote the first one. The new one belongs to its trace, and has a link to it. */
  readonly repeats: Traceparent | undefined
}

/** Enqueues orders for the workers. */
export interface OrderQueue {
  /** Resolves when Redis has the job. After a rejection Redis may still have it. */
  enqueue(message: ReceivedMessage, again?: EnqueuedAgain): Promise<void>
  /** Jobs that no worker has begun. */
  countWaiting(): Promise<number>
  /**
   * Makes jobs ready whose retry is further away than the longest delay, at most 100. A worker computes the time of a retry
   * with its own clock: a clock that was an hour ahead delays a job by an hour. Resolves with their number.
   */
  hasten(longestDelayMs: number): Promise<number>
  close(): Promise<void>
}

export function createOrderQueue(
  config: RedisConfig,
  limits: JobLimits,
  log: Log,
  telemetry: Telemetry = noTelemetry,
): OrderQueue {
  // A separate connection with a timeout for each command. BullMQ's default waits for minutes (238
  // s measured).
  const connection = createRedis(config, log)
  const queue = new Queue<ReceivedMessage>(orderQueueName, { connection })
  queue.on('error', (error) => log.debug({ err: error }, 'order queue'))

  /** Until the first connection, BullMQ waits without a limit. */
  function requireConnection(): void {
    if (connection.status !== 'ready') throw new Error('Redis is not connected.')
  }

  async function add(message: ReceivedMessage): Promise<void> {
    requireConnection()
    await queue.add(orderJobName, message, {
      // The queue never holds the same order twice at once. The order may still be processed
      // twice: see record-payment.
      jobId: message.orderId,
      // The default is one: BullMQ would give up a job that fails once.
      attempts: limits.attempts,
      backoff: { type: 'jitter', delay: limits.backoffMs },
      // BullMQ keeps finished jobs forever by default, until Redis is full. While a finished job
      // is kept its id is taken, so the order could not be enqueued again.
      removeOnComplete: true,
      removeOnFail: true,
    })
  }

  return {
    async enqueue(message, { repeats } = { repeats: undefined }) {
      if (!telemetry.isOn) return await add(message)
      const { message: plain, traceparent } = takeTraceparent(message)
      await telemetry.inSpan(
        () =>
          messageSpan('send orders', message.orderId, { parent: traceparent ?? repeats, repeats }),
        async () => await add(withTraceparent(plain, telemetry)),
      )
    },
    async hasten(longestDelayMs) {
      if (connection.status !== 'ready') return 0
      const ids = await connection.eval(
        findTooLate,
        1,
        queue.toKey('delayed'),
        longestDelayMs + marginMs,
        scorePerMs,
      )
      const jobs = await Promise.all(
        (ids as readonly string[]).map(async (id) => await queue.getJob(id)),
      )
      const late = jobs.filter((job) => job !== undefined)
      await Promise.all(late.map(async (job) => await job.promote()))
      return late.length
    },
    async countWaiting() {
      requireConnection()
      return await queue.getWaitingCount()
    },
    async close() {
      await queue.close()
      connection.disconnect()
    },
  }
}
